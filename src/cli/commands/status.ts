/** `hub status`: what there is, what waits, what needs a person. */

import { wordOf } from '../../attribution/names.ts';
import { eventsSentLines } from '../../reports/events-sent.ts';
import {
  type AmbiguousKey,
  type AttributionStatus,
  type HubStatus,
  hubStatus,
} from '../../reports/status.ts';
import { type Suggestions, suggestions } from '../../reports/suggestions.ts';
import { exitCodes } from '../../support/problem.ts';
import { skewText } from '../../sync/pull/clock-skew.ts';
import type { Cli } from '../command.ts';
import { moreThan, partyText } from '../text/party-text.ts';
import { peopleLines } from '../text/people-lines.ts';
import { heldRowsLines, parkedRowsLines, rowsLeftLine } from '../text/rows-text.ts';

export const status: Cli = {
  run: (invocation) =>
    invocation.withApp(async ({ hub }) => {
      const now = await hubStatus(hub);
      const suggested = await suggestions(hub);
      invocation.print({ ...now, suggestions: suggested }, () => text(now, suggested));
      return exitCodes.done;
    }),
};

function text(
  {
    connections,
    entities,
    dealsWithoutPeople,
    dealsOfLargeAccounts,
    waiting,
    waitsForRecords,
    heldRows,
    parkedRows,
    rowsLeft,
    parked,
    doubts,
    ambiguousKeys,
    attribution,
    behind,
  }: HubStatus,
  { pairs, duplicates, people }: Suggestions,
): string {
  const systems = Object.entries(connections).map(
    ([name, { connector, records, lastPull, clockSkew, troubles, events }]) => {
      const count = Object.values(records).reduce((a, b) => a + b, 0);
      const state = `${name} (${connector}): ${count} records, last pulled ${lastPull ?? 'never'}`;
      const clock = clockSkew === null ? [] : [skewText(name, clockSkew)];
      const lines = [...troubles.map(({ message }) => message), ...clock, ...eventsSentLines(events)];
      return [state, ...lines].join('\n  ');
    },
  );
  const stages = Object.entries(waiting).map(([stage, count]) => `${stage} ${count}`);
  return [
    ...systems,
    `people ${entities.Person}, organizations ${entities.Organization}, deals ${entities.Deal}`,
    ...peopleLines({ deals: dealsWithoutPeople, ofLargeAccounts: dealsOfLargeAccounts }),
    `waiting: ${stages.join(', ')}`,
    ...(waitsForRecords > 0
      ? [
          `${waitsForRecords === 1 ? '1 write waits' : `${waitsForRecords} writes wait`} for records that they name`,
        ]
      : []),
    ...heldRowsLines(heldRows),
    parked > 0 ? `parked: ${parked}; see \`hub parked\`` : 'parked: 0',
    ...parkedRowsLines(parkedRows),
    ...rowsLeft.map(rowsLeftLine),
    ...creditLines(attribution),
    ...behind.map(behindLine),
    ...doubtLines(doubts, ambiguousKeys),
    ...(pairs.length + duplicates.length + people.length > 0
      ? [
          `${pairs.length} likely pairs of deals, ${people.length} of people, ${duplicates.length} with duplicates; see \`hub suggest\``,
        ]
      : []),
  ].join('\n');
}

function behindLine({ by, leaves }: HubStatus['behind'][number]): string {
  return `${by} has read older files than others, and leaves to them: ${leaves.join(', ')}. Give it the same files and start it again (save them again if they are the ones that should count).`;
}

function doubtLines(doubts: HubStatus['doubts'], keys: HubStatus['ambiguousKeys']): string[] {
  const count = Object.values(doubts).reduce((a, b) => a + b, 0);
  if (count === 0) return [];
  const reasons = Object.entries(doubts).map(([reason, number]) => `${reason} ${number}`);
  return [
    `Ignored ${count} ambiguous ${count === 1 ? 'key' : 'keys'} shared by several entities (${reasons.join(', ')}); see \`hub suggest\``,
    ...keys.map((key) => `  ${keyText(key)}`),
    ...(count > keys.length ? [`  and ${count - keys.length} more`] : []),
  ];
}

/** Of one key no more of those who hold it are named. */
const mostNamed = 3;

function keyText({ kind, key, entities, parties }: AmbiguousKey): string {
  const named = parties.slice(0, mostNamed).map(partyText);
  return `${kind} ${key}: ${[...named, ...moreThan(named.length, entities)].join(', ')}`;
}

function creditLines({ model, version, conversions, instead, drift }: AttributionStatus): string[] {
  const basis = conversions === null ? '' : ` (fit ${version}, ${conversions} won deals)`;
  const alarms = drift
    .filter(({ alarm }) => alarm)
    .map(({ model: id, from, to }) => `DRIFT ALARM: ${wordOf(id)}; see \`hub models compare ${from} ${to}\``);
  return [`credit: ${wordOf(model)}${basis}`, ...(instead === null ? [] : [`  ${instead}`]), ...alarms];
}
