/** The plan for people: writes with the same cause together, a few samples of each. */
import { parseRef } from '../../canonical/names.ts';
import type { Undecided } from '../../mapping/folding/fold.ts';
import type { RowsBehind } from '../../sync/push/plan/rows-behind.ts';
import type { About, FieldLine, ObjectSummary, ObstacleLine, PlanLine, WriteLine } from './plan-lines.ts';
import { rowsOfDeals } from './rows-text.ts';
import { valueText } from './value-text.ts';

export interface Report {
  readonly summary: readonly ObjectSummary[];
  /** By connection: rows that go once their deals have been told their credit, and no sooner. */
  readonly heldRows: Readonly<Record<string, RowsBehind>>;
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

const samples = 3;

/** `all`: every write instead of samples. */
export function planText(
  { summary, heldRows, plan: lines, undecided, unread }: Report,
  all: boolean,
): string {
  const shown = all ? Number.POSITIVE_INFINITY : samples;
  const byConnection = Map.groupBy(lines, ({ connection }) => connection);
  return [
    ...summary.map(summaryText),
    ...Object.entries(heldRows).map(([name, rows]) => `${name}: ${rowsOfDeals(rows)} wait with them`),
    ...(summary.length > 0 ? [''] : []),
    ...[...byConnection].flatMap(([connection, some]) => connectionText(connection, some, shown)),
    ...(lines.length === 0 && unread.length === 0 ? ['Nothing to write.'] : []),
    ...(unread.length > 0 ? [firstRead(unread)] : []),
    ...(undecided.length > 0 ? ['', 'Nobody knows which of these changed last; look at them first:'] : []),
    ...undecided.flatMap(undecidedText),
  ].join('\n');
}

function firstRead(unread: readonly string[]): string {
  return `Not read to the end yet: ${unread.join(', ')}. Run \`hub sync\` first; nothing that needs them is written before.`;
}

/** `salesforce Lead: 47 new, 1 changed, of 165 (29 %)`. */
function summaryText(line: ObjectSummary): string {
  const {
    connection,
    object,
    create,
    update,
    delete: gone,
    records,
    writesOn: on,
    asksFirst,
    asksWith,
    firstCreation,
  } = line;
  const counts = [
    ...(create > 0 ? [`${create} new`] : []),
    ...(update > 0 ? [`${update} changed`] : []),
    ...(gone > 0 ? [`${gone} deleted`] : []),
  ].join(', ');
  const share = records === null ? '' : `, of ${records} (${percent(create + update + gone, records)})`;
  const notes = [
    ...(on ? [] : ['writes are off']),
    ...(asksFirst
      ? [firstCreation ? 'the first that the hub makes there: a push asks' : 'a push asks first']
      : []),
    ...Object.entries(asksWith).map(
      ([other, count]) => `${count} of them wait until ${other} is allowed the same`,
    ),
  ];
  return `${connection} ${object}: ${counts}${share}${notes.length > 0 ? `; ${notes.join('; ')}` : ''}`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? 'all' : `${Math.round((part / whole) * 100)} %`;
}

function connectionText(connection: string, lines: readonly PlanLine[], shown: number): string[] {
  const writes = lines.filter((line) => line.op !== 'none');
  const obstacles = lines.filter((line) => line.op === 'none');
  const causes = Map.groupBy(writes, causeOf);
  return [
    `${connection}: ${writes.length} writes${obstacles.length > 0 ? `, ${obstacles.length} that cannot be made now` : ''}`,
    ...[...causes].flatMap(([cause, group]) => causeText(cause, group, shown)),
    ...obstacleText(obstacles, shown),
  ];
}

/** The same fields for the same reasons. Whose value it is differs from record to record, the rule does not. */
function causeOf({ op, object, writesOn: on, fields }: WriteLine): string {
  const byRule = Map.groupBy(fields, ({ because }) => because.rule);
  const parts = [...byRule].map(([rule, some]) => `${listed(some.map(({ field }) => field))} (${rule})`);
  const deed = op === 'upsert' ? 'create' : op;
  return `${deed} ${object}${parts.length > 0 ? `: ${parts.join('; ')}` : ''}${on ? '' : '  (writes are off)'}`;
}

const listedFields = 6;

function listed(names: readonly string[]): string {
  const more = names.length - listedFields;
  return more > 0 ? `${names.slice(0, listedFields).join(', ')} and ${more} more` : names.join(', ');
}

function causeText(cause: string, group: readonly WriteLine[], shown: number): string[] {
  return [
    `  ${group.length} × ${cause}`,
    ...group.slice(0, shown).flatMap((line) => [`    ${subject(line)}`, ...line.fields.map(fieldText)]),
    ...more(group.length - shown),
  ];
}

function fieldText({ field, from, to, because }: FieldLine): string {
  return `      ${field}: ${valueText(from)} -> ${valueText(to)}  ${because.text}`;
}

function obstacleText(obstacles: readonly ObstacleLine[], shown: number): string[] {
  const alike = Map.groupBy(obstacles, ({ object, field, message }) => {
    const place = field ? `${object}.${field}` : object;
    return `${place}: ${message}`;
  });
  return [...alike].flatMap(([words, group]) => [
    `  not now: ${words}${group.length > 1 ? ` (${group.length})` : ''}`,
    ...group.slice(0, shown).map((line) => `    ${subject(line)}`),
    ...more(group.length - shown),
  ]);
}

function more(count: number): string[] {
  return count > 0 ? [`    … and ${count} more; --all shows them, --csv for a spreadsheet`] : [];
}

/** Name, id and page of what a line is about; of a record that is still to be created, the hub's id. */
function subject({ name, record, entity, address }: About): string {
  return [name, record ?? `new, for ${entity}`, address].filter((part) => part !== null).join('  ');
}

function undecidedText({ kind, entity, field, candidates }: UndecidedLine): string[] {
  return [
    `  ${kind} ${entity}: ${field}`,
    ...candidates.map(({ ref, value }, index) => {
      const { connection, object, id } = parseRef(ref);
      return `    ${valueText(value)}  ${connection} ${object} ${id}${index === 0 ? '  (would be taken)' : ''}`;
    }),
  ];
}
