/** Puts what records say now in the place of what they said before, and tells who is touched by the difference. */
import type { Link } from '../canonical/model.ts';
import type { FactsChange, NormalizedRecord } from './contract.ts';
import { factsOf, nothingSaid, type RecordFacts } from './fact-rows.ts';
import { keyName, linkEnds, type Pointer, subjectKinds } from './names.ts';
import type { Session } from './session.ts';
import { columns, type Row } from './tables.ts';

export async function replaceFacts(
  session: Session,
  records: readonly NormalizedRecord[],
): Promise<FactsChange> {
  const now = await changed(session, records.map(factsOf));
  if (now.length === 0) return { resolve: [] };
  const before = await present(
    session,
    now.map(({ ref }) => ref),
  );
  await session.upsert(
    'fact',
    now.map(({ ref, hash }) => ({ ref, hash })),
  );
  const own = await replaceContributions(session, before.contributions, now);
  const ends = await replaceLinks(
    session,
    before.links,
    now.flatMap(({ links }) => links),
  );
  const subjects = await replaceEvents(
    session,
    before.events,
    now.flatMap(({ events }) => events),
  );
  const holders = await namesHolding(session, [...ends, ...subjects]);
  return { resolve: [...new Set([...own, ...holders])].sort() };
}

/** Of the same record twice the last counts. */
async function changed({ db, among }: Session, facts: readonly RecordFacts[]): Promise<RecordFacts[]> {
  const all = new Map(facts.map((one) => [one.ref, one]));
  const rows = await db
    .selectFrom('fact')
    .selectAll()
    .where(among('ref', [...all.keys()]))
    .execute();
  const known = new Map(rows.map(({ ref, hash }) => [ref, hash]));
  return [...all.values()].filter(({ ref, hash }) => (known.get(ref) ?? nothingSaid) !== hash);
}

interface Present {
  readonly contributions: readonly Row<'contribution'>[];
  readonly links: readonly Row<'link'>[];
  readonly events: readonly Row<'event'>[];
}

async function present({ db, among }: Session, refs: readonly string[]): Promise<Present> {
  return {
    contributions: await db.selectFrom('contribution').selectAll().where(among('ref', refs)).execute(),
    links: await db.selectFrom('link').selectAll().where(among('ref', refs)).execute(),
    events: await db.selectFrom('event').selectAll().where(among('ref', refs)).execute(),
  };
}

/** Returns the names of contributions that are new, changed or gone. */
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

  await session.remove('contribution', 'name', gone);
  await session.remove('contribution_key', 'name', [...gone, ...[...news].filter((name) => old.has(name))]);
  await session.upsert('contribution', differing);
  await session.insert(
    'contribution_key',
    now.flatMap(({ keys }) => keys).filter(({ name }) => news.has(name)),
  );
  return [...news, ...gone];
}

/** Returns both ends of the links that are new, changed or gone. */
async function replaceLinks(
  session: Session,
  before: readonly Row<'link'>[],
  now: readonly Row<'link'>[],
): Promise<Pointer[]> {
  const { gone, added } = difference('link', before, now);
  const moved = new Set([...gone, ...added].map(({ ref }) => ref));
  await session.remove('link', 'ref', before.length > 0 ? [...moved] : []);
  await session.insert(
    'link',
    now.filter(({ ref }) => moved.has(ref)),
  );
  return [...gone, ...added].flatMap(({ relation, from_key, to_key }) => {
    const [from, to] = linkEnds[relation as Link['relation']];
    return [
      { kinds: from, key: from_key },
      { kinds: to, key: to_key },
    ];
  });
}

/** Returns the subjects of the events that are new, changed or gone. */
async function replaceEvents(
  session: Session,
  before: readonly Row<'event'>[],
  now: readonly Row<'event'>[],
): Promise<Pointer[]> {
  const { gone, added } = difference('event', before, now);
  await session.remove(
    'event',
    'id',
    gone.map(({ id }) => id),
  );
  await session.upsert('event', added);
  return [...gone, ...added].map(({ subject }) => ({ kinds: subjectKinds, key: subject }));
}

function difference<T extends 'link' | 'event'>(table: T, before: readonly Row<T>[], now: readonly Row<T>[]) {
  if (before.length === 0) return { gone: [], added: now };
  const old = byText(table, before);
  const young = byText(table, now);
  return {
    gone: [...old].flatMap(([text, row]) => (young.has(text) ? [] : [row])),
    added: [...young].flatMap(([text, row]) => (old.has(text) ? [] : [row])),
  };
}

function byText<T extends 'link' | 'event'>(table: T, rows: readonly Row<T>[]): Map<string, Row<T>> {
  const names = Object.keys(columns[table]) as (keyof Row<T>)[];
  return new Map(rows.map((row) => [JSON.stringify(names.map((name) => row[name])), row]));
}

async function namesHolding(session: Session, pointers: readonly Pointer[]): Promise<string[]> {
  const keys = new Set(pointers.flatMap(({ kinds, key }) => kinds.map((kind) => keyName(kind, key))));
  if (keys.size === 0) return [];
  const rows = await session.db
    .selectFrom('contribution_key')
    .select('name')
    .where(session.among('key', [...keys]))
    .execute();
  return rows.map(({ name }) => name);
}
