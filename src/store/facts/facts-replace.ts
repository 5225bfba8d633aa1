/** Puts what records say now in the place of what they said before, and tells who is touched by the difference. */
import { sql } from 'kysely';
import type { Contribution, Link } from '../../canonical/model.ts';
import { contributionName } from '../../canonical/names.ts';
import { eachInBreaths } from '../../support/breath.ts';
import type { FactsChange, NormalizedRecord, PointedAt } from '../contract/facts.ts';
import { fromJson } from '../database/json.ts';
import type { Session } from '../database/session.ts';
import { columns, type Row } from '../database/tables.ts';
import { formerHolders, formerHoldersAt } from '../identity/former.ts';
import { keyName, linkEnds, type Pointer, subjectKinds } from '../names.ts';
import { eventOf, factsOf, formerKeyRows, keyRows, nothingSaid, type RecordFacts } from './fact-rows.ts';
import { addTies, isSession, removeStatements, retieEvents, statementTies, tiesOf } from './session-ties.ts';

export async function replaceFacts(
  session: Session,
  records: readonly NormalizedRecord[],
): Promise<FactsChange> {
  const now = await changed(session, await eachInBreaths(records, factsOf));
  if (now.length === 0) return { resolve: [], pointed: [], events: [] };
  const before = await present(
    session,
    now.map(({ ref }) => ref),
  );
  await session.upsert(
    'fact',
    now.map(({ ref, hash, version }) => ({ ref, hash, version })),
  );
  const own = await replaceContributions(session, before.contributions, now);
  const ends = [
    ...(await replaceLinks(
      session,
      'link',
      before.links,
      now.flatMap(({ links }) => links),
    )),
    ...(await replaceLinks(
      session,
      'former_link',
      before.formerLinks,
      now.flatMap(({ formerLinks }) => formerLinks),
    )),
  ];
  const owners = await replaceEvents(
    session,
    before.events,
    now.flatMap(({ events }) => events),
  );
  const resolve = new Set(own);
  const pointed = await holdersAt(session, [...ends, ...owners]);
  return {
    resolve: [...resolve].sort(),
    pointed: pointed.filter(({ name }) => !resolve.has(name)),
    events: newEvents(before.events, now),
  };
}

/** What is said anew of an event that is known makes it no new one. */
function newEvents(before: readonly Row<'event'>[], now: readonly RecordFacts[]): FactsChange['events'] {
  const known = new Set(before.map(({ id }) => id));
  return now
    .flatMap(({ events }) => events)
    .filter(({ id }) => !known.has(id))
    .map(eventOf);
}

/** Of the same record twice the last counts. What another version of the mapping says alike changes its version only. */
async function changed(session: Session, facts: readonly RecordFacts[]): Promise<RecordFacts[]> {
  const { db, among } = session;
  const all = new Map(facts.map((one) => [one.ref, one]));
  const rows = await db
    .selectFrom('fact')
    .selectAll()
    .where(among('ref', [...all.keys()]))
    .execute();
  const known = new Map(rows.map((row) => [row.ref, row]));
  const [alike, different] = parted(
    all.values(),
    ({ ref, hash }) => (known.get(ref)?.hash ?? nothingSaid) === hash,
  );
  const renamed = alike.filter(({ ref, version }) => known.has(ref) && known.get(ref)?.version !== version);
  await session.upsert(
    'fact',
    renamed.map(({ ref, hash, version }) => ({ ref, hash, version })),
  );
  return different;
}

function parted<T>(all: Iterable<T>, belongs: (one: T) => boolean): [T[], T[]] {
  const parts: [T[], T[]] = [[], []];
  for (const one of all) parts[belongs(one) ? 0 : 1].push(one);
  return parts;
}

interface Present {
  readonly contributions: readonly Row<'contribution'>[];
  readonly links: readonly Row<'link'>[];
  readonly formerLinks: readonly Row<'former_link'>[];
  readonly events: readonly Row<'event'>[];
}

async function present({ db, among }: Session, refs: readonly string[]): Promise<Present> {
  return {
    contributions: await db.selectFrom('contribution').selectAll().where(among('ref', refs)).execute(),
    links: await db.selectFrom('link').selectAll().where(among('ref', refs)).execute(),
    formerLinks: await db.selectFrom('former_link').selectAll().where(among('ref', refs)).execute(),
    events: await db.selectFrom('event').selectAll().where(among('ref', refs)).execute(),
  };
}

/**
 * Returns the names of contributions that are new, changed or gone, and who else holds a key that was let go: what two
 * held may be the other's alone from now on. Who held one of their keys before may have deals that were closed then.
 */
async function replaceContributions(
  session: Session,
  before: readonly Row<'contribution'>[],
  now: readonly RecordFacts[],
): Promise<string[]> {
  const old = new Map(before.map((row) => [row.name, row.data]));
  const rows = now.flatMap(({ contributions }) => contributions);
  const kept = new Set(rows.map(({ name }) => name));
  const differing = rows.filter(({ name, data }) => old.get(name) !== data);
  const gone = before.filter(({ name }) => !kept.has(name)).map(({ name }) => name);
  const news = new Set(differing.map(({ name }) => name));

  const former = [...gone, ...[...news].filter((name) => old.has(name))];
  const released = await keysOf(session, former);
  await session.remove('contribution', 'name', gone);
  await session.remove('contribution_key', 'name', former);
  await session.remove('former_key', 'name', former);
  await replaceStatements(session, before, now, new Set([...gone, ...news]));
  await session.upsert('contribution', differing);
  const said = now.flatMap((one) => one.said).filter((one) => news.has(contributionName(one)));
  const keys = said.flatMap(keyRows);
  await session.insert('contribution_key', keys);
  await session.insert('former_key', said.flatMap(formerKeyRows));
  const concerned = await formerHolders(session, [...released, ...keys.map(({ key }) => key)]);
  return [...news, ...gone, ...(await oneHolderOfEach(session, released)), ...concerned];
}

async function keysOf(session: Session, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const rows = await session.all(
    sql<{ key: string }>`select distinct key from contribution_key where ${session.among('name', names)}`,
  );
  return rows.map(({ key }) => key);
}

/** A key at which something changed, and from which time on. */
interface Pointing extends Pointer {
  readonly since: number;
}

/** Returns both ends of the links that are new, changed or gone: they have no time of their own. */
async function replaceLinks<T extends 'link' | 'former_link'>(
  session: Session,
  table: T,
  before: readonly Row<T>[],
  now: readonly Row<T>[],
): Promise<Pointing[]> {
  const { gone, added } = difference<'link' | 'former_link'>(table, before, now);
  const moved = new Set([...gone, ...added].map(({ ref }) => ref));
  await session.remove<'link' | 'former_link'>(table, 'ref', before.length > 0 ? [...moved] : []);
  await session.insert(
    table,
    now.filter(({ ref }) => moved.has(ref)),
  );
  return [...gone, ...added].flatMap(({ relation, from_key, to_key }) => {
    const [from, to] = linkEnds[relation as Link['relation']];
    return [
      { kinds: from, key: from_key, since: Number.NEGATIVE_INFINITY },
      { kinds: to, key: to_key, since: Number.NEGATIVE_INFINITY },
    ];
  });
}

/** Which sessions the people of these contributions spoke in, for those that are new, changed or gone. */
async function replaceStatements(
  session: Session,
  before: readonly Row<'contribution'>[],
  now: readonly RecordFacts[],
  moved: ReadonlySet<string>,
): Promise<void> {
  const tiesAmong = (said: readonly Contribution[]) =>
    said.filter((one) => moved.has(contributionName(one))).flatMap(statementTies);
  const old = before
    .filter(({ name, data }) => moved.has(name) && data.includes('"sessions":'))
    .map(({ data }) => fromJson<Contribution>(data));
  await removeStatements(
    session,
    tiesAmong(old).map(({ key }) => key),
  );
  await addTies(session, tiesAmong(now.flatMap(({ said }) => said)));
}

/** Returns the keys at which the events that are new, changed or gone find whose they are. */
async function replaceEvents(
  session: Session,
  before: readonly Row<'event'>[],
  now: readonly Row<'event'>[],
): Promise<Pointing[]> {
  const { gone, added } = difference('event', before, now);
  const subjects = Map.groupBy([...gone, ...added], ({ subject }) => subject);
  const sessions = [...subjects.keys()].filter(isSession);
  const formerly = gone.length > 0 ? await tiesOf(session, sessions) : [];
  await session.remove(
    'event',
    'id',
    gone.map(({ id }) => id),
  );
  await session.upsert('event', added);
  await retieEvents(session, gone, added);
  const own = new Map(
    [...subjects].map(([subject, rows]) => [subject, Math.min(...rows.map(({ time }) => time))]),
  );
  // A tie that comes or goes may take a whole conversation along, from its beginning.
  const begun = await earliestOf(session, sessions);
  const since = (subject: string) =>
    Math.min(own.get(subject) ?? Number.POSITIVE_INFINITY, begun.get(subject) ?? Number.POSITIVE_INFINITY);
  const ties = [...formerly, ...(await tiesOf(session, sessions))];
  return [
    ...[...subjects.keys()].map((key) => ({ kinds: subjectKinds, key, since: since(key) })),
    ...ties.map((tie) => ({ kinds: subjectKinds, key: tie.key, since: since(tie.session) })),
  ];
}

/** When the first event of each of these sessions took place. */
async function earliestOf(session: Session, sessions: readonly string[]): Promise<Map<string, number>> {
  if (sessions.length === 0) return new Map();
  const wanted = session.dialect.rows(
    'wanted',
    { subject: 'text' },
    sessions.map((one) => [one]),
  );
  const rows = await session.all(sql<{ subject: string; time: number | null }>`
    select wanted.subject, (select min(time) from event where event.subject = wanted.subject) as time
    from ${wanted}`);
  return new Map(rows.flatMap(({ subject, time }) => (time === null ? [] : [[subject, time]])));
}

type Told = 'link' | 'former_link' | 'event';

function difference<T extends Told>(table: T, before: readonly Row<T>[], now: readonly Row<T>[]) {
  if (before.length === 0) return { gone: [], added: now };
  const old = byText(table, before);
  const young = byText(table, now);
  return {
    gone: [...old].flatMap(([text, row]) => (young.has(text) ? [] : [row])),
    added: [...young].flatMap(([text, row]) => (old.has(text) ? [] : [row])),
  };
}

function byText<T extends Told>(table: T, rows: readonly Row<T>[]): Map<string, Row<T>> {
  const names = Object.keys(columns[table]) as (keyof Row<T>)[];
  return new Map(rows.map((row) => [JSON.stringify(names.map((name) => row[name])), row]));
}

/** One holder of each key, with the earliest time of what changed at it. */
async function holdersAt(session: Session, pointings: readonly Pointing[]): Promise<PointedAt[]> {
  const since = new Map<string, number>();
  for (const { kinds, key, since: at } of pointings)
    for (const kind of kinds) {
      const name = keyName(kind, key);
      since.set(name, Math.min(at, since.get(name) ?? at));
    }
  const found = new Map<string, number>();
  const keys = [...since.keys()];
  for (const { key, name } of [
    ...(await firstHolders(session, keys)),
    ...(await formerHoldersAt(session, keys)),
  ]) {
    const at = since.get(key) ?? Number.NEGATIVE_INFINITY;
    found.set(name, Math.min(at, found.get(name) ?? at));
  }
  return [...found].map(([name, at]) => ({ name, since: at })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function oneHolderOfEach(session: Session, keys: readonly string[]): Promise<string[]> {
  return (await firstHolders(session, keys)).map(({ name }) => name);
}

/** One is enough: it leads to all that hang together with it. */
async function firstHolders(
  session: Session,
  keys: readonly string[],
): Promise<{ key: string; name: string }[]> {
  if (keys.length === 0) return [];
  const wanted = session.dialect.rows(
    'wanted',
    { key: 'text' },
    keys.map((key) => [key]),
  );
  // Asked key by key, the index answers at once, however many hold a key.
  const rows = await session.all(sql<{ key: string; name: string | null }>`
    select wanted.key, (select min(name) from contribution_key held where held.key = wanted.key) as name
    from ${wanted}`);
  return rows.flatMap(({ key, name }) => (name === null ? [] : [{ key, name }]));
}
