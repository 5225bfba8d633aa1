/** Narrows statements about work to a stage, a key, or keys with a prefix. */
import { type RawBuilder, sql } from 'kysely';
import type { Stage } from '../contract/work.ts';
import { prefixRange } from '../database/prefix.ts';

export interface WorkFilter {
  readonly stage?: Stage | undefined;
  readonly key?: string | undefined;
  readonly prefix?: string | undefined;
  /** Keys with none of these prefixes. */
  readonly without?: readonly string[] | undefined;
}

const bar = '|';

/** A key up to its first bar; empty where it has none. */
export function scopeOf(key: string): string {
  return key.slice(0, Math.max(0, key.indexOf(bar)));
}

export function matching({ stage, key, prefix, without = [] }: WorkFilter): RawBuilder<unknown> {
  const conditions = [sql`1 = 1`];
  // Written out, for an index of one stage serves only statements that say so.
  if (stage !== undefined) conditions.push(sql`stage = ${sql.lit(stage)}`);
  if (key !== undefined) conditions.push(sql`key = ${key}`);
  if (prefix !== undefined && prefix !== '') conditions.push(...startingWith(prefix));
  for (const one of without) conditions.push(sql`not (${sql.join(startingWith(one), sql` and `)})`);
  return sql.join(conditions, sql` and `);
}

/** By scope alone where that says it all: then an index has the keys of one connection in the order of claiming. */
function startingWith(prefix: string): RawBuilder<unknown>[] {
  const conditions = prefix.includes(bar) ? [sql`scope = ${scopeOf(prefix)}`] : [];
  if (prefix === `${scopeOf(prefix)}${bar}`) return conditions;
  const { from, to } = prefixRange(prefix);
  return [...conditions, sql`key >= ${from}`, sql`key < ${to}`];
}
