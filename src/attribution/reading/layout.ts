/** Which field of a line means what: from the header of a paths file, or fixed for headerless journeys. */
import { Problem } from '../../support/problem.ts';
import { columnAt } from './columns.ts';

export const meanings = { skipped: 0, path: 1, conversions: 2, value: 3, nulls: 4, ages: 5 } as const;
export type Meaning = keyof typeof meanings;

export interface Layout {
  /** One of `meanings` per field. */
  readonly fields: Uint8Array;
  /** Names of the fields, for error messages. */
  readonly names: readonly string[];
}

/** Names of columns as the user gave them; those left out have their usual names and may be absent. */
export interface ColumnNames {
  readonly path?: string | undefined;
  readonly conversions?: string | undefined;
  readonly value?: string | undefined;
  readonly nulls?: string | undefined;
  /** Days of the touches before the end; there is no usual name. */
  readonly ages?: string | undefined;
}

/** Lines without a header: `a > b > c,conversions,null`. */
export const journeyLines: Layout = layoutOf(['path', 'conversions', 'null'], {
  path: 0,
  conversions: 1,
  nulls: 2,
});

/** What a column is called when nobody says; without a name it is not looked for. */
const usual: Readonly<Record<keyof ColumnNames, string | undefined>> = {
  path: 'path',
  conversions: 'total_conversions',
  value: 'total_conversion_value',
  nulls: 'total_null',
  ages: undefined,
};

const columns = ['path', 'conversions', 'value', 'nulls', 'ages'] as const;

/** Columns that a file may lack when nobody asked for them by name. */
const optional: ReadonlySet<string> = new Set(['value', 'nulls', 'ages']);

/** Names of the columns that a file must have, and of those that it may have. */
export function columnsWanted(wanted: ColumnNames): { needed: string[]; all: string[] } {
  const needed = columns.flatMap((column) =>
    optional.has(column) ? (wanted[column] ?? []) : (wanted[column] ?? usual[column] ?? []),
  );
  return { needed, all: columns.flatMap((column) => wanted[column] ?? usual[column] ?? []) };
}

/** The layout that a header line describes. Throws a `Problem` for a missing, doubled or twice-used column. */
export function layoutFromHeader(header: readonly string[], wanted: ColumnNames, where: string): Layout {
  const doubled = header.find((name, index) => header.indexOf(name) !== index);
  if (doubled !== undefined)
    throw new Problem('failed', `The header has the column "${doubled}" twice.`, {
      where,
      remedy: 'Rename one of them.',
    });
  const places: Partial<Record<Meaning, number>> = {};
  for (const column of columns) {
    const name = wanted[column] ?? usual[column];
    const place = name === undefined ? -1 : columnAt(header, name, where);
    if (place >= 0) places[column] = place;
    else if (wanted[column] !== undefined || !optional.has(column))
      throw unknownColumn(name ?? '', column, header, where);
  }
  return layoutOf(header, places, where);
}

function unknownColumn(name: string, meaning: Meaning, header: readonly string[], where: string): Problem {
  const option = meaning === 'nulls' ? '--null' : `--${meaning}`;
  return new Problem('usage', `There is no column "${name}" for ${option}.`, {
    where,
    remedy: `The header has: ${header.map((column) => `"${column}"`).join(', ')}. Name the right one with ${option}.`,
  });
}

function layoutOf(
  names: readonly string[],
  places: Readonly<Partial<Record<Meaning, number>>>,
  where = '',
): Layout {
  const fields = new Uint8Array(names.length);
  for (const [meaning, place] of Object.entries(places) as [Meaning, number][]) {
    const taken = names.findIndex((_, index) => index === place && fields[index] !== meanings.skipped);
    if (taken >= 0)
      throw new Problem('usage', `The column "${names[taken]}" cannot mean two things.`, {
        where,
        remedy: 'Name different columns for the path, conversions, value and null.',
      });
    fields[place] = meanings[meaning];
  }
  return { fields, names };
}
