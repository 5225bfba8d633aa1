/** What is remembered of who is who, beside what records say. */
import { sql } from 'kysely';
import type { EntityKind } from '../../canonical/model.ts';
import { type Decision, mostNamed, type Pair, type Pairing } from '../../canonical/pairs.ts';
import { type Doubt, type Identity, type NewDoubt, tooMany } from '../contract/identity.ts';
import type { Database } from '../database/database.ts';
import { fromJson } from '../database/json.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import { keyName } from '../names.ts';
import { sharersOf } from './sharers.ts';

export class SqlIdentity implements Identity {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async remember(pairings: readonly Pairing[]): Promise<void> {
    if (pairings.length === 0) return;
    await this.#database.write((session) => session.insert('pairing', pairings));
  }

  async forget(pairs: readonly Pair[]): Promise<void> {
    if (pairs.length === 0) return;
    await this.#database.write(async (session) => {
      for (const { one, other } of pairs)
        await session.run(sql`delete from pairing where one = ${one} and other = ${other}`);
    });
  }

  pairings(names: readonly string[]): Promise<Pairing[]> {
    return pairingsOf(this.#database.read, names);
  }

  async decide({ one, other, verdict, at }: Decision): Promise<void> {
    await this.#database.write((session) => session.upsert('decision', [{ one, other, verdict, at }]));
  }

  async takeBack({ one, other }: Pair): Promise<boolean> {
    const statement = sql`delete from decision where one = ${one} and other = ${other}`;
    return (await this.#database.write((session) => session.run(statement))) > 0;
  }

  async decisions(): Promise<Decision[]> {
    const query = this.#database.read.db.selectFrom('decision').selectAll();
    return (await query.orderBy('at').orderBy('one').orderBy('other').execute()).map(decisionOf);
  }

  async doubt(
    entityIds: readonly string[],
    doubts: readonly NewDoubt[],
    settled: readonly { readonly kind: EntityKind; readonly key: string }[] = [],
  ): Promise<void> {
    const again = new Set(doubts.map(({ kind, key }) => keyName(kind, key)));
    await this.#database.write(async (session) => {
      await session.remove('doubt', 'entity_id', entityIds);
      await session.remove('doubt', 'key', [...again]);
      await settleCrowds(session, new Set(settled.map(({ kind, key }) => keyName(kind, key))));
      await session.upsert('doubt', doubts.flatMap(rowsOf));
    });
  }

  async doubts(): Promise<Doubt[]> {
    const { read } = this.#database;
    const rows = await read.db.selectFrom('doubt').selectAll().orderBy('key').orderBy('entity_id').execute();
    const found: Doubt[] = [];
    for (const [key, some] of Map.groupBy(rows, (row) => row.key)) {
      const doubt = doubtOf(some);
      if (!doubt) continue;
      const isShared = doubt.reason === tooMany;
      const sharers = isShared || doubt.entities >= mostNamed ? await sharersOf(read, key) : null;
      if (!isShared) found.push({ ...doubt, entities: Math.max(doubt.entities, sharers?.entities ?? 0) });
      else if (sharers && sharers.entities > 1) found.push({ ...doubt, ...sharers });
    }
    return found;
  }

  async held(entityIds: readonly string[]): Promise<Map<string, string>> {
    const { db, dialect } = this.#database.read;
    const rows = await db
      .selectFrom('doubt')
      .select(['entity_id', 'key'])
      .where('held', '=', 1)
      .where(dialect.among('entity_id', entityIds))
      .execute();
    return new Map(rows.map(({ entity_id, key }) => [entity_id, key.slice(key.indexOf('|') + 1)]));
  }
}

export async function pairingsOf({ db, among }: Session, names: readonly string[]): Promise<Pairing[]> {
  if (names.length === 0) return [];
  const found = [];
  for (const side of ['one', 'other'] as const)
    found.push(...(await db.selectFrom('pairing').selectAll().where(among(side, names)).execute()));
  return found;
}

export async function decisionsOf({ db, among }: Session, names: readonly string[]): Promise<Decision[]> {
  if (names.length === 0) return [];
  const found = [];
  for (const side of ['one', 'other'] as const)
    found.push(...(await db.selectFrom('decision').selectAll().where(among(side, names)).execute()));
  return found.map(decisionOf);
}

function decisionOf({ one, other, verdict, at }: Row<'decision'>): Decision {
  return { one, other, verdict: verdict === 'same' ? 'same' : 'different', at };
}

/** Few keys are shared by too many, so that those there are cost less to look through than all keys that were resolved. */
async function settleCrowds(session: Session, settled: ReadonlySet<string>): Promise<void> {
  if (settled.size === 0) return;
  const crowds = await session.db.selectFrom('doubt').select('key').where('entity_id', '=', '').execute();
  for (const { key } of crowds.filter((one) => settled.has(one.key)))
    await session.run(sql`delete from doubt where key = ${key} and entity_id = ''`);
}

/** A key that too many share is one row of nobody in particular. */
function rowsOf({ key, kind, reason, entityIds, held, names, holders }: NewDoubt): Row<'doubt'>[] {
  const isShared = reason === tooMany;
  return (isShared ? [''] : entityIds).map((entity_id) => ({
    ...{ key: keyName(kind, key), entity_id, kind, reason, holders },
    names: JSON.stringify(isShared ? [] : names),
    held: Number(held.includes(entity_id)),
  }));
}

function doubtOf(rows: readonly Row<'doubt'>[]): Doubt | null {
  const [first] = rows;
  if (!first) return null;
  const { key, kind, reason, names, holders } = first;
  const entityIds = rows.map(({ entity_id }) => entity_id).filter((id) => id !== '');
  return {
    key: key.slice(key.indexOf('|') + 1),
    kind: kind as EntityKind,
    reason,
    entityIds,
    held: rows.filter(({ held }) => held === 1).map(({ entity_id }) => entity_id),
    names: fromJson<string[]>(names),
    holders,
    entities: entityIds.length,
  };
}
