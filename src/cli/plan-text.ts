/** The plan for people. */
import { parseRef } from '../canonical/model.ts';
import type { Undecided } from '../mapping/fold.ts';
import type { ObjectSummary, ObstacleLine, PlanLine, WriteLine } from './plan-lines.ts';

export interface Report {
  readonly summary: readonly ObjectSummary[];
  readonly plan: readonly PlanLine[];
  /** Two systems differ and nobody knows which changed last: look before the first write. */
  readonly undecided: readonly UndecidedLine[];
  /** Connections that have never been read to the end: until they are, nothing of the plan is sent. */
  readonly unread: readonly string[];
}

export interface UndecidedLine extends Undecided {
  readonly kind: string;
  readonly entity: string;
}

export function planText({ summary, plan: lines, undecided, unread }: Report): string {
  const byConnection = Map.groupBy(lines, ({ connection }) => connection);
  return [
    ...summary.map(summaryText),
    ...(summary.length > 0 ? [''] : []),
    ...[...byConnection].flatMap(([connection, some]) => connectionText(connection, some)),
    ...(lines.length === 0 && unread.length === 0 ? ['Nothing to write.'] : []),
    ...(unread.length > 0 ? [firstRead(unread)] : []),
    ...(undecided.length > 0 ? ['', 'Nobody knows which of these changed last; look at them first:'] : []),
    ...undecided.flatMap(undecidedText),
  ].join('\n');
}

function firstRead(unread: readonly string[]): string {
  return `Not read to the end yet: ${unread.join(', ')}. Run \`npm run hub -- sync\` first; nothing is written before.`;
}

/** `salesforce Lead: 47 new, 1 changed, of 165 (29 %)`. */
function summaryText(line: ObjectSummary): string {
  const { connection, object, create, update, delete: gone, records, writesOn: on, asksFirst } = line;
  const counts = [
    ...(create > 0 ? [`${create} new`] : []),
    ...(update > 0 ? [`${update} changed`] : []),
    ...(gone > 0 ? [`${gone} deleted`] : []),
  ].join(', ');
  const share = records === null ? '' : `, of ${records} (${percent(create + update + gone, records)})`;
  const notes = [...(on ? [] : ['writes are off']), ...(asksFirst ? ['a push asks first'] : [])];
  return `${connection} ${object}: ${counts}${share}${notes.length > 0 ? `; ${notes.join('; ')}` : ''}`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'all' : `${Math.round((part / whole) * 100)} %`;
}

function connectionText(connection: string, lines: readonly PlanLine[]): string[] {
  const writes = lines.filter((line) => line.op !== 'none');
  const obstacles = lines.filter((line) => line.op === 'none');
  return [
    `${connection}: ${writes.length} writes${obstacles.length > 0 ? `, ${obstacles.length} that cannot be made now` : ''}`,
    ...writes.flatMap(writeText),
    ...obstacleText(obstacles),
  ];
}

function obstacleText(obstacles: readonly ObstacleLine[]): string[] {
  const alike = Map.groupBy(obstacles, ({ object, field, message }) => {
    const place = field ? `${object}.${field}` : object;
    return `${place}: ${message}`;
  });
  return [...alike].map(([words, { length }]) => `  not now: ${words}${length > 1 ? ` (${length})` : ''}`);
}

function writeText({ op, object, record, entity, writesOn: on, fields }: WriteLine): string[] {
  const target = record ?? `new, for ${entity}`;
  return [
    `  ${op === 'upsert' ? 'create' : op} ${object} ${target}${on ? '' : '  (writes are off)'}`,
    ...fields.map(
      ({ field, from, to, because }) => `    ${field}: ${show(from)} -> ${show(to)}  ${because.text}`,
    ),
  ];
}

function undecidedText({ kind, entity, field, candidates }: UndecidedLine): string[] {
  return [
    `  ${kind} ${entity}: ${field}`,
    ...candidates.map(({ ref, value }, index) => {
      const { connection, object, id } = parseRef(ref);
      return `    ${show(value)}  ${connection} ${object} ${id}${index === 0 ? '  (would be taken)' : ''}`;
    }),
  ];
}

function show(value: unknown): string {
  return value === null || value === '' ? '(blank)' : JSON.stringify(value);
}
