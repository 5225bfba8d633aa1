/** `hub replay <recording>`: recorded answers of a vendor, read by the real connector and carried to entities. */
import { join } from 'node:path';
import { loadRecording } from '../../../emulators/loopback/recording.ts';
import { packageFolder } from '../../app/package.ts';
import { replay as replayAll } from '../../app/replay.ts';
import type { ObjectReport, ReplayReport } from '../../app/replay-report.ts';
import { exitCodes } from '../../support/problem.ts';
import type { Cli } from '../command.ts';

export const replay: Cli = {
  options: {
    '--as <system>': 'which connector reads it (default: guessed from the recording)',
    '--object <name>': 'what the rows are whose recording does not say it, such as contacts or Lead',
    '--mapping <file>': 'default: the one that is shipped for the system',
  },
  run: async (invocation, [recording = '']) => {
    const { as, mapping, object } = invocation.options;
    const report = await replayAll(loadRecording(recording), {
      ...(typeof as === 'string' ? { as } : {}),
      ...(typeof object === 'string' ? { object } : {}),
      mapping: (system) =>
        typeof mapping === 'string' ? mapping : join(packageFolder(), 'mappings', `${system}.yaml`),
      log: await invocation.log(),
      signal: invocation.signal,
    });
    invocation.print(report, () => text(report));
    return exitCodes.done;
  },
};

function text({
  system,
  exchanges,
  objects,
  entities,
  events,
  notRead,
  withoutRecords,
}: ReplayReport): string {
  const kinds = Map.groupBy(entities, ({ kind }) => kind);
  const types = Map.groupBy(events, ({ type }) => type);
  return [
    `${exchanges} exchanges with ${system}`,
    ...Object.entries(objects).flatMap(([object, report]) => objectText(object, report)),
    `Entities: ${[...kinds].map(([kind, some]) => `${some.length} ${kind}`).join(', ') || 'none'}`,
    ...entities.map(({ kind, fields }) => `  ${kind} ${JSON.stringify(withoutBlanks(fields))}`),
    `Events: ${[...types].map(([type, some]) => `${some.length} ${type}`).join(', ') || 'none'}`,
    ...Object.entries(notRead).flatMap(([reason, counts]) => list(`Not read (${reason})`, counts)),
    ...list('Without a record (refusals, answers to writes, descriptions)', without(withoutRecords, notRead)),
  ].join('\n');
}

function objectText(
  object: string,
  { recorded, pulled, unread, completed, warnings }: ObjectReport,
): string[] {
  const missing = pulled < recorded ? `, ${pulled} of them read by the connector` : '';
  return [
    `${object}: ${recorded} records${missing}`,
    ...list('  no mapping reads', unread),
    ...list('  not recorded, put in to read the rows', completed),
    ...warnings.map(({ field, message }) => `  ${field}: ${message}`),
  ];
}

function list(title: string, counts: Readonly<Record<string, number>>): string[] {
  const named = Object.entries(counts).map(([name, count]) => (count > 1 ? `${name} (${count})` : name));
  return named.length > 0 ? [`${title}: ${named.join(', ')}`] : [];
}

function without(
  all: ReplayReport['withoutRecords'],
  notRead: ReplayReport['notRead'],
): ReplayReport['withoutRecords'] {
  const unread = new Set(Object.values(notRead).flatMap(Object.keys));
  return Object.fromEntries(Object.entries(all).filter(([title]) => !unread.has(title)));
}

function withoutBlanks(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
}
