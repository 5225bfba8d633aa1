/** The people of a deal whose records name none: those of its account. */
import { type RawBuilder, sql } from 'kysely';
import { accountPeopleLimit, type DealFacts } from '../contract/entities.ts';
import type { Session } from '../database/session.ts';
import { closingsOf } from './closings.ts';

/** A deal that names its people is not asked for its account's, even where nothing is known of those it names. */
function namesNobody(deal: string): RawBuilder<unknown> {
  return sql`not exists (
    select 1 from entity_key own
    join link named on named.from_key = own.key and named.relation = 'deal-person'
    where own.kind = 'Deal' and own.entity_id = ${sql.ref(deal)})`;
}

export interface AccountPeople {
  readonly people: DealFacts['people'];
  /** There are more than count. */
  readonly crowd: boolean;
}

/** By deal; of deals that name their people, or have no account, nothing. */
export async function accountPeople(
  session: Session,
  dealIds: readonly string[],
): Promise<Map<string, AccountPeople>> {
  if (dealIds.length === 0) return new Map();
  const accounts = await session.all(sql<{ deal: string; account: string }>`
    select distinct deal.entity_id as deal, account.entity_id as account
    from entity_key deal
    join link on link.from_key = deal.key and link.relation = 'deal-account'
    join entity_key account on account.kind in ('Organization', 'Person') and account.key = link.to_key
    where deal.kind = 'Deal' and ${session.among('deal.entity_id', dealIds)} and ${namesNobody('deal.entity_id')}
    order by deal, account`);
  const members = await membersOf(session, [...new Set(accounts.map(({ account }) => account))]);
  const byDeal = Map.groupBy(accounts, ({ deal }) => deal);
  return new Map(
    [...byDeal].map(([deal, found]) => {
      const ids = [...new Set(found.flatMap(({ account }) => members.get(account) ?? []))].sort();
      const crowd = ids.length > accountPeopleLimit;
      return [deal, { crowd, people: crowd ? [] : ids.map((id) => ({ id, role: null, primary: false })) }];
    }),
  );
}

/** Of each account at most one more than count: enough to know that they are too many. A person is its own account's. */
export async function membersOf(
  session: Session,
  accounts: readonly string[],
): Promise<Map<string, string[]>> {
  if (accounts.length === 0) return new Map();
  const rows = await session.all(sql<{ account: string; person: string }>`
    select account, person from (
      select account, person, row_number() over (partition by account order by person) as place from (
        select distinct account.entity_id as account, person.entity_id as person
        from entity_key account
        join link on link.to_key = account.key and link.relation = 'person-organization'
        join entity_key person on person.kind = 'Person' and person.key = link.from_key
        where account.kind = 'Organization' and ${session.among('account.entity_id', accounts)}
        union
        select distinct self.entity_id as account, self.entity_id as person
        from entity_key self
        where self.kind = 'Person' and ${session.among('self.entity_id', accounts)}
      ) as member
    ) as numbered
    where place <= ${accountPeopleLimit + 1}
    order by account, person`);
  const byAccount = Map.groupBy(rows, ({ account }) => account);
  return new Map([...byAccount].map(([account, found]) => [account, found.map(({ person }) => person)]));
}

/** Deals that take these people from their account, or did at their close, and those of these accounts. */
export async function dealsByAccount(
  session: Session,
  personIds: readonly string[],
  organizationIds: readonly string[],
): Promise<string[]> {
  const accounts = await session.all(sql<{ key: string }>`
    select distinct link.to_key as key
    from entity_key person
    join link on link.from_key = person.key and link.relation = 'person-organization'
    where person.kind = 'Person' and ${session.among('person.entity_id', personIds)}
    union
    select distinct former_link.to_key as key
    from entity_key person
    join former_link on former_link.from_key = person.key and former_link.relation = 'person-organization'
    where person.kind = 'Person' and ${session.among('person.entity_id', personIds)}
    union
    select key from entity_key
    where (kind = 'Organization' and ${session.among('entity_id', organizationIds)})
      or (kind = 'Person' and ${session.among('entity_id', personIds)})`);
  if (accounts.length === 0) return [];
  const keys = accounts.map(({ key }) => key);
  const rows = await session.all(sql<{ id: string; named_at: number | null }>`
    select tied.id, (
      select min(coalesce(named.since, 0)) from entity_key own
      join link named on named.from_key = own.key and named.relation = 'deal-person'
      where own.kind = 'Deal' and own.entity_id = tied.id) as named_at
    from (
      select deal.entity_id as id from link
      join entity_key deal on deal.kind = 'Deal' and deal.key = link.from_key
      where link.relation = 'deal-account' and ${session.among('link.to_key', keys)}
      union
      select deal.entity_id as id from former_link
      join entity_key deal on deal.kind = 'Deal' and deal.key = former_link.from_key
      where former_link.relation = 'deal-account' and ${session.among('former_link.to_key', keys)}) as tied
    order by tied.id`);
  const named = rows.filter(({ named_at }) => (named_at ?? 0) > 0);
  const closings = await closingsOf(
    session,
    named.map(({ id }) => id),
  );
  const namedLate = ({ id, named_at }: (typeof rows)[number]) =>
    (named_at ?? 0) > (closings.get(id)?.at ?? Number.POSITIVE_INFINITY);
  return rows.filter((deal) => deal.named_at === null || namedLate(deal)).map(({ id }) => id);
}
