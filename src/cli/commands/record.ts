/** `hub record <connection> <id, e-mail or address>`: the whole story of one record. */

import type { Paired } from '../../reports/paired.ts';
import { findRecords } from '../../reports/record-found.ts';
import { type RecordStory, recordStory, type StoryWrite } from '../../reports/record-story.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import type { Hub, System } from '../../sync/hub.ts';
import type { Cli } from '../command.ts';
import { reasonLines } from '../text/reasons.ts';
import { valueText } from '../text/value-text.ts';
import { chosen } from './systems.ts';

export const record: Cli = {
  run: (invocation, [name, given = '']) =>
    invocation.withApp(async ({ hub }) => {
      const [system] = chosen(hub, name);
      if (!system) return exitCodes.usage;
      const stories = await storiesOf(hub, system, given);
      invocation.print({ records: stories }, () => stories.map(text).join('\n\n'));
      return exitCodes.done;
    }),
};

async function storiesOf(hub: Hub, system: System, given: string): Promise<RecordStory[]> {
  const refs = await findRecords(hub, system, given);
  const stories = await Promise.all(refs.map((ref) => recordStory(hub, ref)));
  const found = stories.filter((story) => story !== null);
  if (found.length > 0) return found;
  throw new Problem('usage', `No record "${given}" has come from ${system.name}.`, {
    remedy: `Give an id, an e-mail address, or the address of the record's page in ${system.connector.title}; or read first: \`hub sync ${system.name}\``,
  });
}

function text({ record: own, entity, paired, places, writes, parked }: RecordStory): string {
  const { connection, object, id, address, createdAt, modifiedAt, gone } = own;
  return [
    `${connection} ${object} ${id}${address ? `  ${address}` : ''}`,
    `  created ${minute(createdAt)}, changed ${minute(modifiedAt)}${gone ? `, ${gone}` : ''}`,
    entity
      ? `  stands for ${entity.kind} ${entity.name ?? '(no name)'} (${entity.id})`
      : '  The mapping makes no person, deal or organization of it.',
    ...(paired.length > 0 ? ['Paired with', ...paired.map(pairedText)] : []),
    ...(places.length > 0 ? ['Where it stands, or why not'] : []),
    ...places.map(
      (place) =>
        `  ${place.connection} ${place.object}: ${place.records.length > 0 ? `${place.records.join(', ')}; ` : ''}${place.why}`,
    ),
    ...(parked.length > 0 ? ['Waits for a person', ...reasonLines(parked)] : []),
    ...(writes.length > 0
      ? ['Writes, newest first', ...writes.flatMap(writeText)]
      : ['Nothing was written for it.']),
  ].join('\n');
}

function pairedText({ connection, object, id, address, by, count }: Paired): string {
  const why = by.length > 0 ? `by ${by.join(', ')}` : 'through another record';
  const which = count > 1 ? `${count} of ${object}, such as ${id}` : `${object} ${id}`;
  return `  ${connection} ${which} ${why}${address ? `  ${address}` : ''}`;
}

function writeText(write: StoryWrite): string[] {
  const { at, run, connection, object, op, status, fault, reason, fields } = write;
  const outcome = status === 'written' ? '' : `  ${status}${fault ? `: ${fault}` : ''}`;
  const deed = `${op === 'upsert' ? 'create' : op} ${connection} ${object} ${write.record ?? '(new)'}`;
  return [
    `  ${minute(at)} ${deed}, run ${run}${outcome}${reason ? `  ${reason}` : ''}`,
    ...fields.map(
      ({ field, before, after, reason: why }) =>
        `    ${field}: ${valueText(before)} -> ${valueText(after)}${why ? `  ${why}` : ''}`,
    ),
  ];
}

function minute(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}
