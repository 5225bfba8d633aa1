/**
 * Who belonged to a deal when it was closed: a role that was deleted afterwards ties its person to it still, and one
 * that was entered afterwards does not take away the people of the account, who were the deal's until then.
 */
import { sql } from 'kysely';
import { accountPeopleLimit, type DealFacts } from '../contract/entities.ts';
import type { Session } from '../database/session.ts';
import { membersOf } from './account-people.ts';
import { closingsOf } from './closings.ts';

export type Party = Pick<DealFacts, 'people' | 'peopleFrom'>;

/** A link of a deal, or of a person to an account, with its time; ends are keys. */
interface Tie {
  readonly deal: string;
  readonly relation: string;
  readonly to_key: string;
  readonly role: string | null;
  readonly is_primary: number | null;
  readonly since: number | null;
  /** Null: it is there. */
  readonly until: number | null;
}

/** By deal. Open deals, and those whose ties have not changed since, stay as they are. */
export async function withPeopleAtClose(
  session: Session,
  parties: ReadonlyMap<string, Party>,
): Promise<Map<string, Party>> {
  const found = new Map(parties);
  const ties = Map.groupBy(await datedTies(session, [...parties.keys()]), ({ deal }) => deal);
  if (ties.size === 0) return found;
  const closings = await closingsOf(session, [...ties.keys()]);
  for (const [deal, { at, openedAt }] of closings) {
    const [party, own] = [parties.get(deal), ties.get(deal) ?? []];
    if (!party) continue;
    const roles = own.filter(({ relation }) => relation === 'deal-person');
    const former = roles.filter((tie) => tie.until !== null && heldAt(tie, at));
    const named = await peopleAt(session, former);
    const isNew = roles.length > 0 && !roles.some((tie) => heldAt(tie, at)) && openedAt <= at;
    const wasLent = party.peopleFrom === 'roles' ? isNew : former.length === 0;
    const lent = wasLent ? await accountPeopleAt(session, own, at) : [];
    found.set(deal, together(party, named, lent));
  }
  return found;
}

/** Where a deal names nobody now and named somebody then, its account lends it nobody. */
function together({ people, peopleFrom }: Party, named: Party['people'], lent: readonly string[]): Party {
  const present = peopleFrom !== 'roles' && named.length > 0 ? [] : people;
  const known = new Set([...present, ...named].map(({ id }) => id));
  const others = lent.filter((id) => !known.has(id)).map((id) => ({ id, role: null, primary: false }));
  const there = new Set(present.map(({ id }) => id));
  const all = [...present, ...named.filter(({ id }) => !there.has(id)), ...others];
  if (named.length > 0) return { people: all, peopleFrom: 'roles' };
  return { people: all, peopleFrom: all.length > 0 && peopleFrom === 'nobody' ? 'account' : peopleFrom };
}

function heldAt({ since, until }: Pick<Tie, 'since' | 'until'>, at: number): boolean {
  return (since ?? at) <= at && at < (until ?? Number.POSITIVE_INFINITY);
}

/** Ties of deals of which something is told that is not of now, with all other ties of the same deals. */
async function datedTies(session: Session, deals: readonly string[]): Promise<Tie[]> {
  if (deals.length === 0) return [];
  const isOurs = sql`own.kind = 'Deal' and ${session.among('own.entity_id', deals)}`;
  const rows = await session.all(sql<Tie>`
    select own.entity_id as deal, relation, to_key, role, is_primary, since, until
    from entity_key own join former_link tie on tie.from_key = own.key
    where ${isOurs} and relation in ('deal-person', 'deal-account')
    union all
    select own.entity_id as deal, relation, to_key, role, is_primary, since, null as until
    from entity_key own join link tie on tie.from_key = own.key
    where ${isOurs} and relation in ('deal-person', 'deal-account')`);
  const moving = await movingAccounts(
    session,
    rows.filter(({ relation }) => relation === 'deal-account').map(({ to_key }) => to_key),
  );
  const isDated = ({ relation, since, until, to_key }: Tie) =>
    until !== null || (relation === 'deal-person' && since !== null) || moving.has(to_key);
  const dated = new Set(rows.filter(isDated).map(({ deal }) => deal));
  return rows.filter(({ deal }) => dated.has(deal));
}

/** Keys of accounts that somebody has left. */
async function movingAccounts(session: Session, keys: readonly string[]): Promise<Set<string>> {
  if (keys.length === 0) return new Set();
  const rows = await session.all(sql<{ key: string }>`
    select distinct to_key as key from former_link
    where relation = 'person-organization' and ${session.among('to_key', [...new Set(keys)])}`);
  return new Set(rows.map(({ key }) => key));
}

async function peopleAt(session: Session, ties: readonly Tie[]): Promise<Party['people']> {
  const persons = await personsAt(
    session,
    ties.map(({ to_key }) => to_key),
  );
  const told = ties.flatMap((tie) => {
    const id = persons.get(tie.to_key);
    return id === undefined ? [] : [{ id, role: tie.role, primary: tie.is_primary === 1 }];
  });
  return [...new Map(told.map((one) => [one.id, one])).values()];
}

async function personsAt({ db, among }: Session, keys: readonly string[]): Promise<Map<string, string>> {
  if (keys.length === 0) return new Map();
  const query = db.selectFrom('entity_key').select(['key', 'entity_id']).where('kind', '=', 'Person');
  const rows = await query.where(among('key', keys)).execute();
  return new Map(rows.map(({ key, entity_id }) => [key, entity_id]));
}

/** Ids of those who were the account's then; too many are nobody's journey. */
async function accountPeopleAt(session: Session, ties: readonly Tie[], at: number): Promise<string[]> {
  const then = ties.filter((tie) => tie.relation === 'deal-account' && heldAt(tie, at));
  const keys = then.map(({ to_key }) => to_key);
  if (keys.length === 0) return [];
  const accounts = await session.all(sql<{ id: string }>`
    select distinct entity_id as id from entity_key
    where kind in ('Organization', 'Person') and ${session.among('key', keys)}`);
  const present = await membersOf(
    session,
    accounts.map(({ id }) => id),
  );
  const left = await session.all(sql<{ key: string; since: number | null; until: number }>`
    select tie.from_key as key, tie.since, tie.until from entity_key own
    join former_link tie on tie.to_key = own.key and tie.relation = 'person-organization'
    where own.kind = 'Organization' and ${session.among(
      'own.entity_id',
      accounts.map(({ id }) => id),
    )}`);
  const former = await personsAt(
    session,
    left.filter((tie) => heldAt(tie, at)).map(({ key }) => key),
  );
  const ids = [...new Set([...[...present.values()].flat(), ...former.values()])].sort();
  return ids.length > accountPeopleLimit ? [] : ids;
}
