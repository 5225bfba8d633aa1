/** Puts what records say now in the place of what they said before, and tells who is touched by the difference. */
import type { CanonicalEvent } from '../canonical/events.ts';
import { type Contribution, type Link, refText } from '../canonical/model.ts';
import { fingerprint } from '../support/fingerprint.ts';
import type { FactsChange, NormalizedRecord } from './contract.ts';
import { contributionName, keyName, keyText, linkEnds, type Pointer, subjectKinds } from './names.ts';
import type { Session } from './session.ts';
import type { Row } from './tables.ts';

/** What one record says, as rows. */
interface Facts {
  readonly contributions: ReadonlyMap<string, Row<'contribution'>>;
  readonly keys: readonly Row<'contribution_key'>[];
  readonly links: readonly Row<'link'>[];
  readonly events: readonly Row<'event'>[];
}

export async function replaceFacts(
  session: Session,
  records: readonly NormalizedRecord[],
): Promise<FactsChange> {
  const changed = await changedRecords(session, records);
  if (changed.size === 0) return { resolve: [] };
  const before = await present(session, [...changed.keys()]);
  const now = [...changed.values()].map(({ record }) => factsOf(record));
  await session.upsert(
    'fact',
    [...changed].map(([ref, { hash }]) => ({ ref, hash })),
  );

  const own = await replaceContributions(session, before.contributions, now);
  const pointedAt = [
    ...(await replaceLinks(
      session,
      before.links,
      now.flatMap(({ links }) => links),
    )),
    ...(await replaceEvents(
      session,
      before.events,
      now.flatMap(({ events }) => events),
    )),
  ];
  const holders = await namesHolding(session, pointedAt);
  return { resolve: [...new Set([...own, ...holders])].sort() };
}

async function changedRecords(
  session: Session,
  records: readonly NormalizedRecord[],
): Promise<Map<string, { record: NormalizedRecord; hash: string }>> {
  const all = new Map(records.map((record) => [refText(record.ref), { record, hash: hashOf(record) }]));
  const rows = await session.db
    .selectFrom('fact')
    .selectAll()
    .where(session.among('ref', [...all.keys()]))
    .execute();
  const known = new Map(rows.map(({ ref, hash }) => [ref, hash]));
  return new Map([...all].filter(([ref, { hash }]) => (known.get(ref) ?? nothingSaid) !== hash));
}

function hashOf({ contributions, links, events }: Omit<NormalizedRecord, 'ref'>): string {
  return fingerprint(JSON.stringify([contributions, links, events]));
}

/** A record that never said anything and still says nothing leaves no row. */
const nothingSaid = hashOf({ contributions: [], links: [], events: [] });

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

function factsOf({ ref, contributions, links, events }: NormalizedRecord): Facts {
  const text = refText(ref);
  const named = contributions.map((contribution) => [contributionName(contribution), contribution] as const);
  return {
    contributions: new Map(
      named.map(([name, contribution]) => [name, { name, ref: text, data: JSON.stringify(contribution) }]),
    ),
    keys: named.flatMap(([name, contribution]) => keyRows(name, contribution)),
    links: links.map((link, position) => linkRow(text, position, link)),
    events: events.map((event) => eventRow(text, event)),
  };
}

function keyRows(name: string, { kind, keys }: Contribution): Row<'contribution_key'>[] {
  return [...new Set(keys.map((key) => keyName(kind, keyText(key))))].map((key) => ({ key, name }));
}

function linkRow(ref: string, position: number, { relation, from, to, role, primary }: Link): Row<'link'> {
  return {
    ref,
    position,
    relation,
    from_key: keyText(from),
    to_key: keyText(to),
    role: role ?? null,
    is_primary: primary === undefined ? null : Number(primary),
  };
}

function eventRow(ref: string, { id, type, time, subject, data }: CanonicalEvent): Row<'event'> {
  return { id, type, time, ref, subject, data: JSON.stringify(data) };
}

/** Returns the names of contributions that are new, changed or gone. */
async function replaceContributions(
  session: Session,
  before: readonly Row<'contribution'>[],
  now: readonly Facts[],
): Promise<string[]> {
  const old = new Map(before.map((row) => [row.name, row.data]));
  const rows = now.flatMap(({ contributions }) => [...contributions.values()]);
  const kept = new Set(rows.map(({ name }) => name));
  const changed = rows.filter(({ name, data }) => old.get(name) !== data);
  const gone = before.filter(({ name }) => !kept.has(name)).map(({ name }) => name);
  const news = new Set(changed.map(({ name }) => name));

  await session.remove('contribution', 'name', gone);
  await session.remove('contribution_key', 'name', [...gone, ...[...news].filter((name) => old.has(name))]);
  await session.upsert('contribution', changed);
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
  const { gone, added } = difference(before, now, (link) => JSON.stringify(Object.entries(link).sort()));
  await session.remove('link', 'ref', [...new Set([...gone, ...added].map(({ ref }) => ref))]);
  const moved = new Set([...gone, ...added].map(({ ref }) => ref));
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
  const { gone, added } = difference(before, now, (event) => JSON.stringify(Object.entries(event).sort()));
  await session.remove(
    'event',
    'id',
    gone.map(({ id }) => id),
  );
  await session.upsert('event', added);
  return [...gone, ...added].map(({ subject }) => ({ kinds: subjectKinds, key: subject }));
}

function difference<R>(
  before: readonly R[],
  now: readonly R[],
  text: (row: R) => string,
): { gone: R[]; added: R[] } {
  const old = new Map(before.map((row) => [text(row), row]));
  const young = new Map(now.map((row) => [text(row), row]));
  return {
    gone: [...old].flatMap(([key, row]) => (young.has(key) ? [] : [row])),
    added: [...young].flatMap(([key, row]) => (old.has(key) ? [] : [row])),
  };
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
