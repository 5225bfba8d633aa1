/** `hub provision <connection> [--apply]`: the fields that the mapping needs; the plan first. */
import { exitCodes, Problem } from '../support/problem.ts';
import { provision as provisionSystem } from '../sync/provision.ts';
import type { Cli } from './command.ts';
import { chosen } from './systems.ts';

export const provision: Cli = {
  options: { '--apply': 'make what is missing, with field permissions' },
  run: (invocation, [name]) =>
    invocation.withApp(async ({ hub }) => {
      const [system] = chosen(hub, name);
      if (!system?.connector.fields) {
        throw new Problem('usage', `${name} has no fields to provision.`, {
          remedy: 'Name a CRM connection.',
        });
      }
      const steps = await provisionSystem(system, { apply: invocation.options.apply === true });
      const failed = steps.filter((step) => step.status === 'failed');
      invocation.print({ steps }, () =>
        steps
          .map(
            ({ what, name: step, status, detail }) =>
              `${status.padEnd(8)} ${what} ${step}${detail ? `: ${detail}` : ''}`,
          )
          .join('\n'),
      );
      return failed.length > 0 ? exitCodes.failed : exitCodes.done;
    }),
};
