/** `hub status`: what there is, what waits, what needs a person. */
import { exitCodes } from '../support/problem.ts';
import { type AttributionStatus, type HubStatus, hubStatus } from '../sync/status.ts';
import { type Suggestions, suggestions } from '../sync/suggestions.ts';
import type { Cli } from './command.ts';

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
  { connections, entities, waiting, parked, attribution }: HubStatus,
  { pairs, duplicates }: Suggestions,
): string {
  const systems = Object.entries(connections).map(([name, { connector, records, lastPull }]) => {
    const count = Object.values(records).reduce((a, b) => a + b, 0);
    return `${name} (${connector}): ${count} records, last pulled ${lastPull ?? 'never'}`;
  });
  const stages = Object.entries(waiting).map(([stage, count]) => `${stage} ${count}`);
  return [
    ...systems,
    `people ${entities.Person}, organizations ${entities.Organization}, deals ${entities.Deal}`,
    `waiting: ${stages.join(', ')}`,
    parked > 0 ? `parked: ${parked}; see \`hub parked\`` : 'parked: 0',
    ...creditLines(attribution),
    ...(pairs.length + duplicates.length > 0
      ? [`${pairs.length} likely pairs of deals, ${duplicates.length} with duplicates; see \`hub suggest\``]
      : []),
  ].join('\n');
}

function creditLines({ model, version, conversions, instead, drift }: AttributionStatus): string[] {
  const basis = conversions === null ? '' : ` (fit ${version}, ${conversions} won deals)`;
  const alarms = drift
    .filter(({ alarm }) => alarm)
    .map(({ model: id, from, to }) => `DRIFT ALARM: ${id}; see \`hub models compare ${from} ${to}\``);
  return [`credit: ${model}${basis}`, ...(instead === null ? [] : [`  ${instead}`]), ...alarms];
}
