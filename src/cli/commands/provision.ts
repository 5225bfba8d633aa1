/** `hub provision <connection> [--apply]`: the fields that the mapping needs; the plan first. */
import { exitCodes, Problem } from '../../support/problem.ts';
import { fieldsProvisioned } from '../../sync/push/mended.ts';
import { provision as provisionSystem } from '../../sync/push/provision.ts';
import type { Cli } from '../command.ts';
import { chosen } from './systems.ts';

export const provision: Cli = {
  needsConfiguration: true,
  options: {
    '--apply': 'make what is missing, with field permissions',
    '--details': 'also fields for analysts: model, window, interval, version and run of each credit',
    '--as-written': 'also fields that are spelt almost like one that is there',
  },
  run: (invocation, [name]) =>
    invocation.withApp(async ({ hub }) => {
      const [system] = chosen(hub, name);
      if (!system?.connector.fields) {
        throw new Problem('usage', `${name} has no fields to provision.`, {
          remedy: 'Name a CRM connection.',
        });
      }
      const { apply, details, asWritten } = invocation.options;
      const steps = await provisionSystem(system, {
        ...{ apply: apply === true, details: details === true, asWritten: asWritten === true },
      });
      if (apply === true) await fieldsProvisioned(hub, system);
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
