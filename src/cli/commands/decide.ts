/** `hub same`, `hub different`, `hub undecided`: an admin's word on two records. */
import { parseRef } from '../../canonical/names.ts';
import { findRecords } from '../../reports/record-found.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import type { Hub } from '../../sync/hub.ts';
import { type Decided, decide, pairAmong, type Word } from '../../sync/resolve/decide.ts';
import type { Cli } from '../command.ts';
import { chosen } from './systems.ts';

function word(verdict: Word): Cli {
  return {
    needsConfiguration: true,
    run: (invocation, [system = '', record = '', otherSystem = '', otherRecord = '']) =>
      invocation.withApp(async ({ hub }) => {
        const [some, others] = [
          await recordsOf(hub, system, record),
          await recordsOf(hub, otherSystem, otherRecord),
        ];
        const [one, other] = (await pairAmong(hub, some, others)) ?? [
          only(some, system, record),
          only(others, otherSystem, otherRecord),
        ];
        const decided = await decide(hub, verdict, one, other);
        invocation.print(decided, () => text(decided));
        return exitCodes.done;
      }),
  };
}

export const same: Cli = word('same');
export const different: Cli = word('different');
export const undecided: Cli = word('undecided');

async function recordsOf(hub: Hub, connection: string, given: string): Promise<string[]> {
  const [system] = chosen(hub, connection);
  return system ? await findRecords(hub, system, given) : [];
}

function only(refs: readonly string[], connection: string, given: string): string {
  const [ref, ...others] = refs;
  if (ref !== undefined && others.length === 0) return ref;
  if (ref === undefined)
    throw new Problem('usage', `No record "${given}" has come from ${connection}.`, {
      remedy: 'Give an id; `hub suggest` shows whole commands.',
    });
  const names = refs.map(parseRef).map(({ object, id }) => `${object}/${id}`);
  throw new Problem('usage', `"${given}" is ${refs.length} records of ${connection}.`, {
    remedy: `Name one of them: ${names.slice(0, 5).join(', ')}.`,
  });
}

const said: Readonly<Record<Word, string>> = {
  same: 'are one from now on',
  different: 'are two from now on',
  undecided: 'are left to the evidence again',
};

function text({ verdict, records, isNews }: Decided): string {
  const [one, other] = records.map((ref) => ref.replaceAll('|', ' '));
  if (!isNews) return `Nothing changed: that had been said of ${one} and ${other}.`;
  return `${one} and ${other} ${said[verdict]}. \`hub plan\` shows what would be written.`;
}
