/** What is kept of computed credit, so that as of any date it can be computed again and held against what it was. */
import { sql } from 'kysely';
import { eachInBreaths } from '../../support/breath.ts';
import { fingerprint } from '../../support/fingerprint.ts';
import type {
  Computation,
  CreditTouch,
  GivenCredit,
  KeptComputation,
  ModelCredit,
  UnchangedSince,
} from '../contract/credits.ts';
import { fromJson } from '../database/json.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import { dealsOf } from '../entities/deals.ts';
import { ownersOf } from '../facts/event-owners.ts';
import { baselineTouch } from './lines.ts';
import { isNothing } from './packed.ts';

export type Digests = Readonly<Record<string, string>>;
export type Last = ReadonlyMap<string, Row<'computation'>>;

const written = 'written';

/** Of each model's credit, by model, and of what is written onto the deal, as `written`. */
export function digestsOf(models: readonly ModelCredit[], what: string, before?: Unchanged): Digests {
  const digests = models.flatMap((one) => {
    const digest = before?.models.has(one.model) ? before.digests[one.model] : digestOf(one.given());
    return digest === undefined ? [] : [[one.model, digest] as const];
  });
  return Object.fromEntries([...digests.sort(([a], [b]) => (a < b ? -1 : 1)), [written, what]]);
}

/** What holds still of a deal's last computation. */
interface Unchanged {
  readonly models: ReadonlySet<string>;
  readonly digests: Digests;
}

export interface Told {
  readonly one: Computation;
  readonly digests: Digests;
  /** Of the credit that is there; null: not known. */
  readonly before: Digests | null;
}

export async function toldOf(
  computed: readonly Computation[],
  last: Last,
  unchanged: UnchangedSince,
): Promise<Told[]> {
  const since = new Map<string, ReadonlySet<string>>();
  for (const { rules } of last.values()) if (!since.has(rules)) since.set(rules, await unchanged(rules));
  return eachInBreaths(computed, (one) => {
    const row = last.get(one.dealId);
    if (!row) return { one, digests: digestsOf(one.models, one.written), before: null };
    const before = fromJson<Digests>(row.digests);
    const isSame = row.facts !== null && row.facts === one.facts?.hash && row.ended_at === one.endedAt;
    const models = (isSame && since.get(row.rules)) || nothing;
    return { one, digests: digestsOf(one.models, one.written, { models, digests: before }), before };
  });
}

const nothing: ReadonlySet<string> = new Set();

/** Undefined where there is no credit. Put together by hand: this is done for every touch and model of every deal, and JSON takes twice as long. */
function digestOf(given: GivenCredit): string | undefined {
  if (isNothing(given)) return undefined;
  const { version, currency, touches, shares, minors, baseline } = given;
  const { before, after } = textsOf(touches);
  let told = '';
  for (let index = 0; index < touches.length; index += 1)
    told += `${before[index]}${shares[index]} ${minors[index]} ${currency} ${version}\n${given.reason(index)}${after[index]}`;
  if (baseline) {
    const { time, share, minor, reason } = baseline;
    told += `${baselineTouch}\n${baselineTouch}\n${time} ${share} ${minor} ${currency} ${version}\n${reason}\n\n`;
  }
  return fingerprint(told, 16);
}

/** What is told of each touch, before and after what a model gives to it. */
interface TouchTexts {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

const textsKnown = new WeakMap<readonly CreditTouch[], TouchTexts>();

/** Made once for all models of a deal. */
function textsOf(touches: readonly CreditTouch[]): TouchTexts {
  const known = textsKnown.get(touches);
  if (known) return known;
  const texts = {
    before: touches.map(({ touch, channel, time }) => `${touch}\n${channel}\n${time} `),
    after: touches.map((touch) => `\n${originOf(touch)}\n`),
  };
  textsKnown.set(touches, texts);
  return texts;
}

/** Empty where nothing is told, so that digests from before there were origins stay what they are. */
function originOf({ campaign, source, medium, content, topic, bot }: CreditTouch): string {
  const told = [campaign, source, medium, content, topic, bot];
  return told.some((one) => one !== undefined) ? told.map((one) => one ?? '').join('\t') : '';
}

/** Models of which at least one side knows credit that the other does not. */
export function changedModels(before: Digests, after: Digests): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => name !== written && before[name] !== after[name]);
}

export async function lastOf(session: Session, dealIds: readonly string[]): Promise<Last> {
  const rows = await session.all(sql<Row<'computation'>>`
    select * from computation where (deal_id, at) in (
      select deal_id, max(at) from computation where ${session.among('deal_id', dealIds)} group by deal_id)`);
  return new Map(rows.map((row) => [row.deal_id, row]));
}

/** A line only where the outcome or the facts are news: computing the same again is none. */
export async function note(
  session: Session,
  computed: readonly { readonly one: Computation; readonly digests: Digests }[],
  last: Last,
): Promise<void> {
  const news = computed.flatMap(({ one, digests }) => {
    const before = last.get(one.dealId);
    const row = rowOf(one, JSON.stringify(digests));
    if (before ? before.digests === row.digests && before.facts === row.facts : row.facts === null) return [];
    // Two machines' clocks may disagree; the past goes forward in time all the same.
    return [{ facts: one.facts, row: { ...row, at: Math.max(row.at, before?.at ?? row.at) } }];
  });
  await session.upsert(
    'computation',
    news.map(({ row }) => row),
  );
  const bodies = news.flatMap(({ facts, row: { deal_id } }) => (facts ? [{ deal_id, ...facts }] : []));
  await session.insert('credit_facts', bodies);
}

function rowOf(
  { dealId, endedAt, toldAt, facts, at, rules }: Computation,
  digests: string,
): Row<'computation'> {
  return {
    ...{ deal_id: dealId, ended_at: endedAt, told_at: toldAt },
    ...{ at, rules, facts: facts?.hash ?? null, digests },
  };
}

export async function computedBy(
  session: Session,
  dealId: string,
  at: number,
): Promise<KeptComputation | null> {
  const [row] = await session.all(sql<KeptRow>`
    ${kept} where computation.deal_id = ${dealId} and at <= ${at} order by at desc limit 1`);
  return row ? keptOf(row) : null;
}

/** Oldest first. */
export async function computationsOf(session: Session, dealId: string): Promise<KeptComputation[]> {
  const rows = await session.all(sql<KeptRow>`${kept} where computation.deal_id = ${dealId} order by at`);
  return rows.map(keptOf);
}

type KeptRow = Row<'computation'> & { readonly body: string | null };

const kept = sql`select computation.*, credit_facts.body from computation
  left join credit_facts on credit_facts.deal_id = computation.deal_id and credit_facts.hash = computation.facts`;

function keptOf(row: KeptRow): KeptComputation {
  return {
    ...{ dealId: row.deal_id, at: row.at, endedAt: row.ended_at, toldAt: row.told_at, rules: row.rules },
    ...{ facts: row.body, digests: fromJson<Digests>(row.digests) },
  };
}

/** Of the deals to which the people of these records and of their events belong. */
export async function forget(session: Session, refs: readonly string[]): Promise<string[]> {
  const subjects = await session.all(
    sql<{ subject: string }>`select distinct subject from event where ${session.among('ref', refs)}`,
  );
  const owners = await ownersOf(
    session,
    subjects.map(({ subject }) => subject),
  );
  const members = await session.all(sql<{ id: string }>`
    select member.entity_id as id from contribution join member on member.name = contribution.name
    where ${session.among('contribution.ref', refs)}`);
  const people = new Set([...Object.values(owners), ...members.map(({ id }) => id)]);
  const deals = await dealsOf(session, [...people]);
  await session.remove('computation', 'deal_id', deals);
  await session.remove('credit_facts', 'deal_id', deals);
  return deals;
}
