/** An admin's word on whether two records are one: kept for good, taken back on request, in force at once. */

import { type EntityKind, entityKinds } from '../../canonical/model.ts';
import { contributionName, recordOf, refText } from '../../canonical/names.ts';
import { type Decision, inOrder, type Pair } from '../../canonical/pairs.ts';
import { contradiction } from '../../identity/decided.ts';
import type { Store } from '../../store/contract/store.ts';
import { Problem } from '../../support/problem.ts';
import type { Hub } from '../hub.ts';

export type Word = 'same' | 'different' | 'undecided';

export interface Decided {
  readonly kind: EntityKind;
  readonly verdict: Word;
  /** Text refs. */
  readonly records: readonly [string, string];
  /** False: it had been said before, or there was nothing to take back. */
  readonly isNews: boolean;
}

/** What was said in chats may be many statements of one person; the word is about all of them. */
const mostStatements = 500;

/** `one`, `other`: text refs of records that have come in. */
export async function decide(hub: Hub, verdict: Word, one: string, other: string): Promise<Decided> {
  if (one === other) throw new Problem('usage', 'Both are the same record.', { remedy: 'Name two records.' });
  const kind = await commonKind(hub.store, one, other);
  return hub.store.transaction(async (store) => {
    const [some, others] = [await alike(store, kind, one), await alike(store, kind, other)];
    const pairs = some
      .flatMap((a) => others.map((b) => inOrder(a, b)))
      .filter((pair) => pair.one !== pair.other);
    const decisions = await store.identity.decisions();
    const before = new Map(decisions.map((said) => [`${said.one}\n${said.other}`, said.verdict]));
    const news = pairs.filter(
      (pair) => (before.get(`${pair.one}\n${pair.other}`) ?? 'undecided') !== verdict,
    );
    if (verdict !== 'undecided') refuseContradiction(decisions, news, verdict);
    for (const pair of news) {
      if (verdict === 'undecided') await store.identity.takeBack(pair);
      else await store.identity.decide({ ...pair, verdict, at: hub.clock.now() });
    }
    await store.work.mark('resolve', [...new Set(news.flatMap((pair) => [pair.one, pair.other]))]);
    return { kind, verdict, records: [one, other], isNews: news.length > 0 };
  });
}

/** What was said of two directly is replaced; what follows from several words together has to be taken back first. */
function refuseContradiction(
  decisions: readonly Decision[],
  news: readonly Pair[],
  verdict: Decision['verdict'],
): void {
  const replaced = new Set(news.map(pairText));
  const kept = decisions.filter((said) => !replaced.has(pairText(said)));
  const broken = contradiction([...kept, ...news.map((pair) => ({ ...pair, verdict, at: 0 }))]);
  // Words that contradict each other already are no reason to refuse one about others.
  if (!broken || contradiction(kept)) return;
  const [one, other] = [broken.one, broken.other].map((name) => recordOf(name).replaceAll('|', ' '));
  throw new Problem('usage', `That contradicts what was said before, of ${one} and ${other} among others.`, {
    remedy: 'Take a word back first: `hub undecided` with the two records that it was about.',
  });
}

function pairText({ one, other }: Pair): string {
  return `${one}\n${other}`;
}

/**
 * Of records that have one id (a contact and a deal may) the two that are about one kind of thing; null where that
 * leaves several, or none.
 */
export async function pairAmong(
  { store }: Hub,
  some: readonly string[],
  others: readonly string[],
): Promise<readonly [string, string] | null> {
  const kindsOf = await kindsAmong(store, [...some, ...others]);
  const pairs = some.flatMap((one) =>
    others
      .filter((other) => kindsOf(one).some((kind) => kindsOf(other).includes(kind)))
      .map((other): [string, string] => [one, other]),
  );
  const [pair, ...more] = pairs;
  return pair && more.length === 0 ? pair : null;
}

async function kindsAmong(store: Store, refs: readonly string[]): Promise<(ref: string) => EntityKind[]> {
  const names = refs.flatMap((ref) => entityKinds.map((kind) => `${kind}|${ref}`));
  const found = await store.facts.contributions(names);
  return (ref) => found.filter((said) => refText(said.ref) === ref).map(({ kind }) => kind);
}

async function commonKind(store: Store, one: string, other: string): Promise<EntityKind> {
  const kindsOf = await kindsAmong(store, [one, other]);
  const kind = kindsOf(one).find((own) => kindsOf(other).includes(own));
  if (kind) return kind;
  throw new Problem('usage', 'These two are not about one kind of thing, or say nothing of anybody.', {
    remedy: 'Name two people, two organizations or two deals. `hub suggest` shows the commands.',
  });
}

async function alike(store: Store, kind: EntityKind, ref: string): Promise<string[]> {
  const name = `${kind}|${ref}`;
  const [said] = await store.facts.contributions([name]);
  if (!said?.statement) return [name];
  const [own] = said.keys.filter((key) => key.kind === 'id');
  const key = `id:${own?.value}`;
  const { [key]: id } = await store.entities.byKey(kind, [key]);
  const [entity] = id === undefined ? [] : await store.entities.get([id]);
  const members = await store.facts.contributions((entity?.members ?? [name]).slice(0, mostStatements));
  return members.every(({ statement }) => statement) ? members.map(contributionName) : [name];
}
