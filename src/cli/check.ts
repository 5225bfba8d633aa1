/** `hub check`: credentials, permissions, mappings against the CRMs' real fields; opening the hub checks the rest. */
import type { FieldDescription } from '../connector/contract.ts';
import { Fault } from '../connector/fault.ts';
import { checkMapping } from '../mapping/check.ts';
import { exitCodes } from '../support/problem.ts';
import type { System } from '../sync/hub.ts';
import type { Cli } from './command.ts';

interface Finding {
  readonly connection: string;
  /** Who the hub is over there; null when it could not sign in. */
  readonly account: string | null;
  /** The vendor's words, and what to do. */
  readonly signIn: string | null;
  readonly unreachable: string | null;
  readonly missingPermissions: readonly string[];
  readonly mapping: readonly string[];
}

export const check: Cli = {
  run: (invocation) =>
    invocation.withApp(async ({ hub }) => {
      const systems = [...hub.systems.values()];
      const findings: Finding[] = [];
      for (const system of systems) findings.push(await checkSystem(system));
      invocation.print({ findings }, () => findings.map(text).join('\n'));
      return exitCode(findings);
    }),
};

function exitCode(findings: readonly Finding[]): number {
  if (findings.some(({ signIn, missingPermissions }) => signIn !== null || missingPermissions.length > 0))
    return exitCodes.signIn;
  if (findings.some(({ unreachable }) => unreachable !== null)) return exitCodes.failed;
  return findings.some(({ mapping }) => mapping.length > 0) ? exitCodes.configuration : exitCodes.done;
}

async function checkSystem(system: System): Promise<Finding> {
  const connection = system.name;
  const none = { connection, account: null, signIn: null, unreachable: null };
  try {
    const { account, missingPermissions } = await system.connector.check(system.context);
    return { ...none, account, missingPermissions, mapping: await mappingFindings(system) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const which = error.kind === 'unauthorized' ? 'signIn' : 'unreachable';
    return { ...none, [which]: error.message, missingPermissions: [], mapping: [] };
  }
}

async function mappingFindings(system: System): Promise<string[]> {
  const described = new Map<string, readonly FieldDescription[]>();
  for (const object of Object.keys(system.mapping.objects)) {
    const fields = await system.connector.fields?.describe(system.context, object).catch((error: unknown) => {
      // The hub's own object is not there before `provision`; the mapping is none the worse for it.
      if (error instanceof Fault && error.kind === 'rejected') return undefined;
      throw error;
    });
    if (fields) described.set(object, fields);
  }
  return checkMapping(system.mapping, described).map(String);
}

function text({ connection, account, signIn, unreachable, missingPermissions, mapping }: Finding): string {
  if (signIn !== null) return `${connection}: cannot sign in. ${signIn}`;
  if (unreachable !== null)
    return `${connection}: cannot be reached. ${unreachable}. Look at its address in the configuration, and at this machine's way out.`;
  const isSound = missingPermissions.length + mapping.length === 0;
  return [
    `${connection}: ${isSound ? 'in order' : 'signed in, but not in order'}, ${account}`,
    ...missingPermissions.map((permission) => `  lacks permission: ${permission}`),
    ...mapping.map((finding) => `  ${finding}`),
  ].join('\n');
}
