/** `hub undo [run] [--apply] [--delete]`: which runs wrote what; how one is taken back; with --apply, does so. */
import { didYouMean } from '../../support/nearest.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import type { Hub } from '../../sync/hub.ts';
import { type WritingRun, writingRuns } from '../../sync/undo/runs.ts';
import { planUndo, type Undo, type Undoing, undo as undoRun } from '../../sync/undo/undo.ts';
import type { LeftAlone } from '../../sync/undo/writes.ts';
import type { Cli } from '../command.ts';
import type { Invocation } from '../invocation.ts';
import { deletedText } from '../text/deleted-text.ts';
import { valueText } from '../text/value-text.ts';

const listed = 20;

export const undo: Cli = {
  needsConfiguration: true,
  options: {
    '--apply': 'write the replaced values back, where the CRM still holds what the run wrote',
    '--delete': 'also delete the records that the run made, where nobody has touched them since',
  },
  run: (invocation, [run]) =>
    invocation.withApp(({ hub }) =>
      run === undefined ? list(invocation, hub) : takeBack(invocation, hub, run),
    ),
};

async function list(invocation: Invocation, hub: Hub): Promise<number> {
  const runs = await writingRuns(hub, listed);
  invocation.print({ runs }, () =>
    runs.length > 0 ? runs.map(runText).join('\n') : 'Nothing was written yet.',
  );
  return exitCodes.done;
}

function runText({ run, at, objects }: WritingRun): string {
  const counts = Object.entries(objects).map(([object, count]) => `${object} ${count}`);
  return `${run}  ${new Date(at).toISOString().slice(0, 16)}  ${counts.join(', ')}`;
}

async function takeBack(invocation: Invocation, hub: Hub, run: string): Promise<number> {
  const options = { deleteMade: invocation.options.delete === true };
  if (invocation.options.apply !== true) {
    const plan = (await planUndo(hub, run, options)) ?? (await unknown(hub, run));
    invocation.print(plan, () => planText(plan));
    return exitCodes.done;
  }
  const done = (await undoRun(hub, run, options)) ?? (await unknown(hub, run));
  invocation.print(done, () => doneText(done));
  return done.refused.length > 0 ? exitCodes.failed : exitCodes.done;
}

async function unknown(hub: Hub, run: string): Promise<never> {
  const runs = await writingRuns(hub, listed);
  throw new Problem('usage', `No run "${run}" has written anything.`, {
    remedy:
      runs.length > 0
        ? didYouMean(
            run,
            runs.map((one) => one.run),
          )
        : 'Nothing was written yet.',
  });
}

function planText({ run, back, left }: Undo): string {
  return [
    `Run ${run}: ${back.length} records to take back`,
    ...back.flatMap(({ op, connection, object, record, fields }) => [
      `  ${op} ${connection} ${object} ${record}`,
      ...fields.map(({ field, from, to }) => `    ${field}: ${valueText(from)} -> ${valueText(to)}`),
    ]),
    ...leftText(left),
    ...(back.length > 0
      ? [
          ...deletedText(back),
          `With --apply this is written, and nothing else is written to these objects until \`hub push --yes\`.`,
        ]
      : []),
  ].join('\n');
}

function doneText({ by, written, refused, left, back }: Undoing): string {
  return [
    `${written} taken back, ${refused.length} refused (run ${by})`,
    ...deletedText(back),
    ...refused.map(({ record, message }) => `  ${record}: ${message}`),
    ...leftText(left),
    'Nothing else is written to these objects until `hub push --yes`. Mend what was wrong first.',
  ].join('\n');
}

const shown = 10;

/** Grouped by reason: of a thousand alike one line is enough. */
function leftText(left: readonly LeftAlone[]): string[] {
  const groups = [...Map.groupBy(left, ({ connection, object, why }) => `${connection} ${object}: ${why}`)];
  return groups.flatMap(([words, group]) => {
    const names = group.map(({ record, field }) => [record, field].filter((part) => part !== null).join('.'));
    const more = names.length > shown ? `, … and ${names.length - shown} more` : '';
    return [`  left as it is: ${words} (${names.slice(0, shown).join(', ')}${more})`];
  });
}
