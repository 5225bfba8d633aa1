/**
 * Keys that more people share than may share one of their kind: they identify nobody, and walking from one holder to
 * the next would lead through everybody. People are counted among the first holders by name, so that the answer
 * depends on what is held and on nothing else.
 */
import { sql } from 'kysely';
import type { Contribution } from '../../canonical/model.ts';
import { type Limits, limitOf } from '../../canonical/pairs.ts';
import { fromJson } from '../database/json.ts';
import type { Session } from '../database/session.ts';
import type { Tie } from './union-find.ts';

/** Addresses and domains are looked at once so many hold them: below, telling their names apart costs less than asking. */
const manyHolders = 200;

/** `held`: all holders of each key, or one more than `most` of them. */
export async function crowdsAmong(
  session: Session,
  held: readonly Tie[],
  limits: Limits,
  most: number,
): Promise<Set<string>> {
  const byKey = Map.groupBy(held, ({ hub }) => hub);
  const crowds = new Set<string>();
  for (const [key, ties] of byKey) {
    const kind = keyKind(key);
    const limit = limitOf(limits, kind);
    if (ties.length <= limit || (kind === 'id' && ties.length <= most)) continue;
    const names = ties.map(({ name }) => name).sort();
    const isAddress = kind === 'email' || kind === 'domain';
    if (isAddress && ties.length <= manyHolders) continue;
    const people = isAddress
      ? await namesAmong(session, names.slice(0, manyHolders))
      : await addressesAmong(session, names);
    if (people > limit || (people === 0 && ties.length > most)) crowds.add(key);
  }
  return crowds;
}

/** Of `<entity kind>|<key kind>:<value>`. */
function keyKind(key: string): string {
  const start = key.indexOf('|') + 1;
  return key.slice(start, key.indexOf(':', start));
}

/** Of somebody with several addresses the first counts. */
async function addressesAmong(session: Session, names: readonly string[]): Promise<number> {
  // The database tells the few different ones apart, so that thousands of statements of one person are not read.
  const rows = await session.all(sql<{ first: string }>`
    select distinct min(key) as first from contribution_key
    where ${session.among('name', names)} and key >= 'Person|email:' and key < 'Person|email;'
    group by name`);
  return new Set(rows.map(({ first }) => first)).size;
}

async function namesAmong({ db, among }: Session, names: readonly string[]): Promise<number> {
  const rows = await db.selectFrom('contribution').select('data').where(among('name', names)).execute();
  const told = rows.flatMap(({ data }) => {
    const { firstName, lastName, name } = fromJson<Contribution>(data).values;
    const parts = [firstName, lastName, name].flatMap((one) =>
      typeof one?.value === 'string' ? one.value : [],
    );
    const text = parts.join(' ').trim().toLowerCase();
    return text.includes(' ') ? [text] : [];
  });
  return new Set(told).size;
}
