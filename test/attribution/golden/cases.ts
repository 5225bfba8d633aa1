/** The cases with stored results, and where these are. */
import { readFileSync } from 'node:fs';
import { type Row, rows } from '../paths/journeys.ts';
import { crossing } from '../paths/random.ts';

export const cases: Readonly<Record<string, readonly Row[]>> = {
  'by-hand': rows('google 2 1 200', 'mailing 1 0 50.5', 'google>mailing 1 0 100'),
  'direct-last': rows(
    'Search>Direct 7 20 1400.70',
    'Email>Chat>Direct 5 3 2500.05',
    'Direct 4 90 120',
    'Search>Email>Chat>Email>Direct 3 2 999.99',
    'Direct>Direct 2 8 80',
    'Chat 6 1 3000',
  ),
  // Long journeys that come back to where they were, and journeys shorter than a window.
  loops: rows(
    'a>b>a>b>a>b>c 9 14 90.9',
    'a>a>a>a>b 4 40 12.34',
    'c>b>a>c>b>a>c>b>a 2 7 17',
    'b>c 11 3 110.01',
    'b 1 60 5',
    'c>c>c 0 25',
  ),
  'two-kinds': crossing({ channels: 6, journeys: 70, mean: 9, seed: 12 }),
};

/** CSV with the header that the command line asks for. */
export function csvOf(given: readonly Row[]): string {
  const lines = given.map(
    ({ path, conversions, nulls, value }) => `${path},${conversions},${value ?? 0},${nulls}`,
  );
  return `${['path,total_conversions,total_conversion_value,total_null', ...lines].join('\n')}\n`;
}

export function placeOf(name: string, ending: 'csv' | 'json'): URL {
  return new URL(`./${name}.${ending}`, import.meta.url);
}

export function stored(name: string, ending: 'csv' | 'json'): string {
  return readFileSync(placeOf(name, ending), 'utf8');
}
