/** The data of a fit, streamed out of the store: everybody with a touch in the window, with their deals. */
import type { Entity } from '../../canonical/model.ts';
import { type Covariate, covariatesOf, historiesIn, parseCovariate } from '../../journey/covariates.ts';
import { historyOf } from '../../journey/history.ts';
import { type Member, Prospects } from '../../journey/prospects.ts';
import { type TouchRules, touchesOf } from '../../journey/touches.ts';
import type { WindowSettings } from '../../journey/window.ts';
import type { AttributionSettings } from '../../settings/attribution.ts';
import type { PersonFacts } from '../../store/contract/entities.ts';
import type { Store } from '../../store/contract/store.ts';

const batchSize = 1_000;
const dayMs = 86_400_000;

export interface CollectOptions {
  readonly signal?: AbortSignal;
  /** Ids of the people to look at; else all. */
  readonly only?: ReadonlySet<string>;
}

/**
 * @param rules what a touch is: those of crediting
 * @param now where watching ends, ms
 */
export async function collectProspects(
  store: Store,
  settings: Pick<AttributionSettings, 'fitDays' | 'covariates'> & WindowSettings,
  rules: TouchRules,
  now: number,
  { signal, only }: CollectOptions = {},
): Promise<Prospects> {
  const covariates = settings.covariates.flatMap((name) => parseCovariate(name) ?? []);
  const watched = { from: now - settings.fitDays * dayMs, to: now };
  const prospects = new Prospects(watched, settings.covariates, settings);
  for (let after: string | null = null; ; ) {
    signal?.throwIfAborted();
    const people: Entity[] = await store.entities.scan('Person', after, batchSize);
    const last = people.at(-1);
    if (!last) return prospects;
    const wanted = people.filter(({ id, withdrawn }) => !withdrawn && (only?.has(id) ?? true));
    for (const member of await membersOf(store, wanted, covariates, { rules, now })) prospects.add(member);
    after = last.id;
  }
}

async function membersOf(
  store: Store,
  people: readonly Entity[],
  covariates: readonly Covariate[],
  { rules, now }: { readonly rules: TouchRules; readonly now: number },
): Promise<Member[]> {
  const byId = new Map(people.map((person) => [person.id, person]));
  const facts = await store.entities.personFacts([...byId.keys()]);
  const others = await belongings(store, facts);
  return facts.map(({ personId, deals, organizations, events }) => {
    const known = [byId.get(personId), ...organizations.map((id) => others.get(id))];
    const email = byId.get(personId)?.fields.email;
    const past = events.flatMap((event) => (event.time <= now ? [{ person: personId, event }] : []));
    const { touches } = touchesOf(past, rules, () => (typeof email === 'string' ? email : null));
    const [first] = touches;
    return {
      deals: deals.flatMap((id) => others.get(id) ?? []),
      touches: touches.map(({ touch }) => touch),
      covariates: {
        ...covariatesOf(
          covariates,
          known.flatMap((one) => one ?? []),
        ),
        ...historiesIn(covariates, first ? [historyOf(byId.get(personId), events, first.touch.time)] : []),
      },
    };
  });
}

/** Deals and organizations of these people, by id; withdrawn ones left out. */
async function belongings(store: Store, facts: readonly PersonFacts[]): Promise<ReadonlyMap<string, Entity>> {
  const ids = new Set(facts.flatMap(({ deals, organizations }) => [...deals, ...organizations]));
  const found = await store.entities.get([...ids]);
  return new Map(found.filter(({ withdrawn }) => !withdrawn).map((one) => [one.id, one]));
}
