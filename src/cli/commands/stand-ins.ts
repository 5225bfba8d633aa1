/** Stand-ins that run within a command start bare, and nobody could provision one that ends with the command. */
import type { App } from '../../app.ts';
import { provision } from '../../sync/push/provision.ts';

/** Makes the hub's fields at the emulators of this process; real accounts are left to `hub provision`. */
export async function provisionStandIns(
  { hub, emulators }: App,
  say: (words: string) => void = () => undefined,
): Promise<void> {
  for (const system of hub.systems.values()) {
    if (!emulators.has(system.name)) continue;
    const steps = await provision(system, { apply: true });
    const created = steps.filter((step) => step.status === 'created').length;
    if (created > 0) say(`${system.name}: ${created} fields and permissions made`);
  }
}
