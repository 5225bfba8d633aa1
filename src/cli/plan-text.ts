/** The plan for people. */
import { parseRef } from '../canonical/model.ts';
import type { ObstacleLine, PlanLine, Report, UndecidedLine, WriteLine } from './plan.ts';

export function planText({ plan: lines, undecided }: Report): string {
  const byConnection = Map.groupBy(lines, ({ connection }) => connection);
  return [
    ...[...byConnection].flatMap(([connection, some]) => connectionText(connection, some)),
    ...(lines.length === 0 ? ['Nothing to write.'] : []),
    ...(undecided.length > 0 ? ['', 'Nobody knows which of these changed last; look at them first:'] : []),
    ...undecided.flatMap(undecidedText),
  ].join('\n');
}

function connectionText(connection: string, lines: readonly PlanLine[]): string[] {
  const writes = lines.filter((line) => line.op !== 'none');
  const obstacles = lines.filter((line) => line.op === 'none');
  return [
    `${connection}: ${writes.length} writes, ${obstacles.length} that cannot be made`,
    ...writes.flatMap(writeText),
    ...obstacleText(obstacles),
  ];
}

function obstacleText(obstacles: readonly ObstacleLine[]): string[] {
  const alike = Map.groupBy(obstacles, ({ object, field, message }) => {
    const place = field ? `${object}.${field}` : object;
    return `${place}: ${message}`;
  });
  return [...alike].map(
    ([words, { length }]) => `  not possible: ${words}${length > 1 ? ` (${length})` : ''}`,
  );
}

function writeText({ op, object, record, entity, writesOn: on, fields }: WriteLine): string[] {
  const target = record ?? `new, for ${entity}`;
  return [
    `  ${op} ${object} ${target}${on ? '' : '  (writes are off)'}`,
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
