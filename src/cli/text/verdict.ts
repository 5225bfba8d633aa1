/** The exit code of a run over several systems: what most needs a person decides. */
import { exitCodes } from '../../support/problem.ts';

export interface Troubles {
  /** A CRM refused to let the hub in, or refused a permission. */
  readonly signIn: boolean;
  readonly failed: boolean;
  readonly parked: number;
}

export function verdict({ signIn, failed, parked }: Troubles): number {
  if (signIn) return exitCodes.signIn;
  if (failed) return exitCodes.failed;
  return parked > 0 ? exitCodes.parked : exitCodes.done;
}
