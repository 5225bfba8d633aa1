/** One walk outwards from named contributions, and what it sees on the way that resolving has to know. */
import { sql } from 'kysely';
import type { Decision, Limits, Pair, Pairing } from '../../canonical/pairs.ts';
import type { Session } from '../database/session.ts';
import { crowdsAmong } from './crowds.ts';
import { formerHoldersAt } from './former.ts';
import { decisionsOf, pairingsOf } from './identity.ts';
import type { Tie, UnionFind } from './union-find.ts';

/** What is remembered among some contributions. */
export interface Remembered {
  readonly pairings: readonly Pairing[];
  readonly decisions: readonly Decision[];
  /** Texts of keys that identify nobody. */
  readonly crowds: readonly string[];
}

export interface WalkOptions {
  readonly limit: number;
  readonly limits: Limits;
  /** Keys that were held before lead on, too. */
  readonly former?: boolean;
}

export class Walk {
  readonly #session: Session;
  readonly #web: UnionFind;
  readonly #limit: number;
  readonly #limits: Limits;
  readonly #former: boolean;
  readonly #judged = new Set<string>();
  /** Keys of which all holders are tied: nobody has to be asked for them again. */
  readonly #tied = new Set<string>();
  readonly #crowds = new Set<string>();
  /** By name. */
  readonly #crowdsOf = new Map<string, Set<string>>();
  readonly #pairings = new Map<string, Map<string, Pairing>>();
  readonly #decisions = new Map<string, Map<string, Decision>>();

  constructor(session: Session, web: UnionFind, { limit, limits, former = false }: WalkOptions) {
    this.#session = session;
    this.#web = web;
    this.#limit = limit;
    this.#limits = limits;
    this.#former = former;
  }

  /** One step on all sides: a fixed number of queries for any number of names. */
  async step(frontier: readonly string[]): Promise<void> {
    const [session, web] = [this.#session, this.#web];
    const held = [
      ...(await keysOf(session, frontier, this.#tied)),
      ...(this.#former ? await formerKeysOf(session, frontier) : []),
    ];
    const holders = await this.#holdersOfNew(held);
    const [shared, crowded] = this.#sortOut(held);
    // What one alone holds ties nothing: most keys are such, the own ones of statements above all.
    const several = new Set(holders.map(({ hub }) => hub));
    web.tie('key', [...shared.filter(({ hub }) => several.has(hub)), ...holders]);
    const former = [
      ...(await entitiesOf(session, frontier)),
      ...(await entitiesLedTo(session, crowded)),
      ...(await entitiesNamed(session, shared)),
    ];
    web.tie('entity', await membersOf(session, web.tie('entity', former)));
    await this.#rememberedOf(frontier);
  }

  of(names: readonly string[]): Remembered {
    const among = <T>(found: ReadonlyMap<string, ReadonlyMap<string, T>>) =>
      new Map(names.flatMap((name) => [...(found.get(name) ?? [])])).values();
    return {
      pairings: [...among(this.#pairings)],
      decisions: [...among(this.#decisions)],
      crowds: [...new Set(names.flatMap((name) => [...(this.#crowdsOf.get(name) ?? [])]))].sort(),
    };
  }

  /** Of keys that were not seen before; none of keys that too many share. */
  async #holdersOfNew(held: readonly Tie[]): Promise<Tie[]> {
    const fresh = [...new Set(held.map(({ hub }) => hub))].filter((key) => !this.#judged.has(key));
    for (const key of fresh) this.#judged.add(key);
    const holders = [
      ...(await holdersOf(this.#session, fresh, this.#limit)),
      ...(this.#former ? await withFormerHolders(this.#session, fresh, this.#limit) : []),
    ];
    const crowds = await crowdsAmong(this.#session, holders, this.#limits, this.#limit);
    for (const key of crowds) this.#crowds.add(key);
    const tying = holders.filter(({ hub }) => !crowds.has(hub));
    for (const [key, ties] of Map.groupBy(tying, ({ hub }) => hub))
      if (ties.length <= this.#limit) this.#tied.add(key);
    return tying;
  }

  #sortOut(held: readonly Tie[]): [shared: Tie[], crowded: Tie[]] {
    const crowded = held.filter(({ hub }) => this.#crowds.has(hub));
    for (const { name, hub } of crowded) {
      const text = hub.slice(hub.indexOf('|') + 1);
      this.#crowdsOf.set(name, (this.#crowdsOf.get(name) ?? new Set()).add(text));
    }
    return [crowded.length === 0 ? [...held] : held.filter(({ hub }) => !this.#crowds.has(hub)), crowded];
  }

  async #rememberedOf(frontier: readonly string[]): Promise<void> {
    this.#note(this.#pairings, await pairingsOf(this.#session, frontier));
    this.#note(this.#decisions, await decisionsOf(this.#session, frontier));
  }

  #note<T extends Pair>(found: Map<string, Map<string, T>>, pairs: readonly T[]): void {
    const ties: Tie[] = [];
    for (const pair of pairs) {
      const { one, other } = pair;
      const hub = `${one}\n${other}`;
      // Seen from the other end, it is the same pair again.
      if (found.get(one)?.has(hub)) continue;
      for (const name of [one, other]) {
        found.set(name, (found.get(name) ?? new Map<string, T>()).set(hub, pair));
        ties.push({ name, hub });
      }
    }
    this.#web.tie('pair', ties);
  }
}

function formerKeysOf({ db, among }: Session, names: readonly string[]): Promise<Tie[]> {
  return db.selectFrom('former_key').select(['name', 'key as hub']).where(among('name', names)).execute();
}

/** All who hold, or held, one of those keys that somebody held before: there are few. */
async function withFormerHolders(session: Session, keys: readonly string[], limit: number): Promise<Tie[]> {
  const former = (await formerHoldersAt(session, keys)).map(({ key, name }) => ({ name, hub: key }));
  if (former.length === 0) return [];
  const { db, among } = session;
  const sole = [...new Set(former.map(({ hub }) => hub))];
  const query = db.selectFrom('contribution_key').select(['name', 'key as hub']).where(among('key', sole));
  return [...former, ...(await query.orderBy('name').limit(limit).execute())];
}

/** But those among `known`. */
function keysOf(session: Session, names: readonly string[], known: ReadonlySet<string>): Promise<Tie[]> {
  const { among } = session;
  return session.all(sql<Tie>`
    select name, key as hub from contribution_key
    where ${among('name', names)} and not (${among('key', [...known])})`);
}

function entitiesOf({ db, among }: Session, names: readonly string[]): Promise<Tie[]> {
  return db.selectFrom('member').select(['name', 'entity_id as hub']).where(among('name', names)).execute();
}

/**
 * Of keys that one contribution alone holds, nothing: most keys are such, the own ones of statements above all. Of keys
 * that too many hold, one more than the limit is enough to see it.
 */
async function holdersOf(session: Session, keys: readonly string[], limit: number): Promise<Tie[]> {
  const counted = await session.all(sql<{ key: string; held: number }>`
    select key, count(*) as held from contribution_key
    where ${session.among('key', keys)} group by key having count(*) > 1`);
  const [few, many] = [
    counted.filter(({ held }) => held <= limit),
    counted.filter(({ held }) => held > limit),
  ];
  const ties = (found: typeof counted) =>
    session.among(
      'key',
      found.map(({ key }) => key),
    );
  const all =
    few.length === 0
      ? []
      : await session.all(sql<Tie>`
    select name, key as hub from contribution_key where ${ties(few)}`);
  if (many.length === 0) return all;
  const first = await session.all(sql<Tie>`
    select name, key as hub from (
      select key, name, row_number() over (partition by key order by name) as place
      from contribution_key where ${ties(many)}) as held
    where place <= ${limit + 1}`);
  return [...all, ...first];
}

function membersOf({ db, among }: Session, entities: readonly string[]): Promise<Tie[]> {
  return db
    .selectFrom('member')
    .select(['name', 'entity_id as hub'])
    .where(among('entity_id', entities))
    .execute();
}

/** A key that identifies nobody any more may have made an entity before: all of it is resolved again. */
async function entitiesLedTo({ db, among }: Session, crowded: readonly Tie[]): Promise<Tie[]> {
  if (crowded.length === 0) return [];
  const texts = new Map(crowded.map((tie) => [tie.hub.slice(tie.hub.indexOf('|') + 1), tie]));
  const rows = await db
    .selectFrom('entity_key')
    .select(['kind', 'key', 'entity_id'])
    .where(among('key', [...texts.keys()]))
    .execute();
  return rows.flatMap(({ kind, key, entity_id }) => {
    const tie = texts.get(key);
    return tie?.hub === `${kind}|${key}` ? [{ name: tie.name, hub: entity_id }] : [];
  });
}

const hubId = /\|external:([0-9a-f]{32})$/;

/** A record that carries the hub's id hangs together with the entity of that name, or with what it was joined into. */
async function entitiesNamed(session: Session, shared: readonly Tie[]): Promise<Tie[]> {
  const named = shared.flatMap(({ name, hub }) => {
    const id = hubId.exec(hub)?.[1];
    return id === undefined ? [] : [{ name, hub: id }];
  });
  if (named.length === 0) return [];
  const ids = [...new Set(named.map(({ hub }) => hub))];
  const { db, among } = session;
  const present = new Set(
    (await db.selectFrom('entity').select('id').where(among('id', ids)).execute()).map(({ id }) => id),
  );
  const heirs = await heirsOf(
    session,
    ids.filter((id) => !present.has(id)),
  );
  return named.flatMap(({ name, hub }) => {
    const home = present.has(hub) ? hub : heirs.get(hub);
    return home === undefined ? [] : [{ name, hub: home }];
  });
}

/** Entities that others were joined into since. */
async function heirsOf({ db, among }: Session, ended: readonly string[]): Promise<Map<string, string>> {
  if (ended.length === 0) return new Map();
  const rows = await db
    .selectFrom('merge')
    .select(['entity_id', 'went_into'])
    .where('what', '=', 'joined')
    .where(among('entity_id', ended))
    .orderBy('at')
    .execute();
  return new Map(rows.map(({ entity_id, went_into }) => [entity_id, String(JSON.parse(went_into)[0])]));
}
