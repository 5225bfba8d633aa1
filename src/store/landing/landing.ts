/** Records as they came. */

import { sql } from 'kysely';
import type { RecordRef } from '../../canonical/model.ts';
import { parseRef, refText } from '../../canonical/names.ts';
import type { VendorRecord } from '../../connector/contract/reading.ts';
import type { LandedNews, LandedRecord, Landing, Tie, Watched } from '../contract/landing.ts';
import type { Database } from '../database/database.ts';
import { prefixRange } from '../database/prefix.ts';
import type { Session } from '../database/session.ts';
import { differs, isNews, type LandedRow, landedOf, readState, rowOf } from './landed-row.ts';
import { corrected, erased, join, type RecordState, stateOf } from './merge.ts';
import { areTied, type Version } from './version.ts';

/** Of a landing that others get ahead of; each time they must have landed one of the very same new records. */
const mostTries = 1_000;

export class SqlLanding implements Landing {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async put(
    connection: string,
    records: readonly VendorRecord[],
    onTie: (tie: Tie) => void = () => undefined,
    watched: Watched = () => nothing,
  ): Promise<RecordRef[]> {
    const merge: Merge = (before, next, ref) => {
      if (areTied(before.head, next.head)) onTie(tieOf(ref, before.head, next.head));
      return join(before, next, watched(parseRef(ref).object));
    };
    const { added, changed } = await this.#land(connection, records, merge);
    return [...added, ...changed];
  }

  correct(connection: string, records: readonly VendorRecord[]): Promise<LandedNews> {
    return this.#land(connection, records, corrected);
  }

  async #land(connection: string, records: readonly VendorRecord[], merge: Merge): Promise<LandedNews> {
    const incoming = mergedByRef(connection, records, merge);
    const added = new Set<string>();
    const changed = new Set<string>();
    await this.#database.write(async (session) => {
      // Another process may land a new record between our look and our insert; merging again is harmless.
      for (let tries = 1; !(await landOnce(session, incoming, merge, { added, changed })); tries += 1)
        if (tries === mostTries)
          throw new Error(`records of ${connection} are not found where they were stored`);
    });
    for (const ref of added) changed.delete(ref);
    return { added: [...added].map(parseRef), changed: [...changed].map(parseRef) };
  }

  async get(refs: readonly string[]): Promise<LandedRecord[]> {
    if (refs.length === 0) return [];
    const { db, among } = this.#database.read;
    const rows = await db.selectFrom('landed').selectAll().where(among('ref', refs)).orderBy('ref').execute();
    return rows.map(landedOf);
  }

  async scan(
    filter: { connection?: string; object?: string },
    after: string | null,
    limit: number,
  ): Promise<string[]> {
    const { connection, object } = filter;
    let query = this.#database.read.db.selectFrom('landed').select('ref').orderBy('ref').limit(limit);
    if (connection !== undefined) {
      const range = prefixRange(object === undefined ? `${connection}|` : `${connection}|${object}|`);
      query = query.where('ref', '>=', range.from).where('ref', '<', range.to);
    }
    if (object !== undefined) query = query.where('object', '=', object);
    if (after !== null) query = query.where('ref', '>', after);
    return (await query.execute()).map(({ ref }) => ref);
  }

  async counts(connection: string): Promise<Record<string, number>> {
    const rows = await this.#database.read.all(
      sql<{
        object: string;
        live: number;
      }>`select object, count(*) as live from landed where connection = ${connection} and tombstone is null group by object order by object`,
    );
    return Object.fromEntries(rows.map(({ object, live }) => [object, live]));
  }

  async erase(refs: readonly string[]): Promise<void> {
    await this.#database.write(async (session) => {
      const rows = await lockedRows(session, refs);
      const now = this.#database.clock.now();
      await session.upsert(
        'landed',
        rows.map((row) => rowOf(parseRef(row.ref), erased(readState(row), now))),
      );
    });
  }
}

const nothing: ReadonlySet<string> = new Set();

type Merge = (before: RecordState, next: RecordState, ref: string) => RecordState;

function tieOf(ref: string, before: Version, next: Version): Tie {
  const { modifiedAt, readAt } = next;
  return { ref: parseRef(ref), modifiedAt, readAt: readAt ?? 0, beforeAt: before.readAt ?? 0 };
}

function mergedByRef(
  connection: string,
  records: readonly VendorRecord[],
  merge: Merge,
): Map<string, RecordState> {
  const states = new Map<string, RecordState>();
  for (const record of records) {
    // What the databases keep is well-formed; another name would not be found again.
    const ref = refText({ connection, object: record.object, id: record.id }).toWellFormed();
    const before = states.get(ref);
    states.set(ref, before ? merge(before, stateOf(record), ref) : stateOf(record));
  }
  return states;
}

/** False when a record that was not there appeared meanwhile. */
async function landOnce(
  session: Session,
  incoming: ReadonlyMap<string, RecordState>,
  merge: Merge,
  { added, changed }: { readonly added: Set<string>; readonly changed: Set<string> },
): Promise<boolean> {
  const present = new Map((await lockedRows(session, [...incoming.keys()])).map((row) => [row.ref, row]));
  const fresh: LandedRow[] = [];
  const moved: LandedRow[] = [];
  for (const [ref, state] of incoming) {
    const before = present.get(ref);
    const after = rowOf(parseRef(ref), before ? merge(readState(before), state, ref) : state);
    if (!before) fresh.push(after);
    else if (differs(before, after)) moved.push(after);
    if (!before) added.add(ref);
    else if (isNews(before, after)) changed.add(ref);
  }
  await session.upsert('landed', moved);
  return (await session.insert('landed', fresh)) === fresh.length;
}

/** In key order, so that two processes that want the same rows cannot wait for each other. */
function lockedRows(session: Session, refs: readonly string[]): Promise<LandedRow[]> {
  const { among, dialect } = session;
  return session.all(
    sql<LandedRow>`select * from landed where ${among('ref', refs)} order by ref ${dialect.locked}`,
  );
}
