import type { WorldCompany, WorldPerson, WorldSystem } from '../world.ts';
import { type DealFrame, sizeOf } from './accounts.ts';
import { runningUtm } from './campaigns.ts';
import { type Chance, chance } from './chance.ts';
import type { DealChats } from './chat-plan.ts';
import { jobTitles } from './names.ts';
import { makePerson, type PersonPlan } from './person.ts';
import { placeOdds, places } from './places.ts';
import { ago, bothSystems, day, minute, placeOf, type Scene } from './scene.ts';

const lifecycles = ['subscriber', 'lead', 'lead', 'marketingqualifiedlead', 'salesqualifiedlead'];
const leadStatuses = ['Open - Not Contacted', 'Working - Contacted', 'Closed - Not Converted'];

/** What a company's buyers are known by: the place that the frames' teams name. */
export type Buyers = ReadonlyMap<string, readonly WorldPerson[]>;

/**
 * The buyers of each company, as many as its deals name. They turn up between the first touch of their first deal and
 * the day on which it is made, the main one at the first touch itself; a customer's people have been there before.
 */
export function tellBuyers(
  scene: Scene,
  companies: readonly WorldCompany[],
  frames: readonly DealFrame[],
  chats: ReadonlyMap<string, DealChats>,
): Buyers {
  const draw = chance(scene.seed, 'buyers');
  const numbered = number('p');
  const byCompany = Map.groupBy(frames, ({ company }) => company.key);
  return new Map(
    companies.map((company) => {
      const deals = byCompany.get(company.key) ?? [];
      const count = 1 + Math.max(0, ...deals.flatMap(({ team }) => team));
      const buyers = Array.from({ length: count }, (_, place) => {
        const first = deals.find(({ team }) => team.includes(place));
        const chatted = place === 0 && chats.get(first?.key ?? '')?.first === true;
        return invent(scene, draw, {
          key: numbered(),
          company,
          createdAt: arrival(scene, draw, company, place, first),
          in: company.in,
          salesforce: { as: 'contact' },
          ...(chatted ? { tagged: false } : {}),
        });
      });
      return [company.key, buyers];
    }),
  );
}

function arrival(
  scene: Scene,
  draw: Chance,
  company: WorldCompany,
  place: number,
  first: DealFrame | undefined,
): number {
  const start = first?.stages[0]?.[1];
  if (!first || start === undefined) return ago(scene, draw.int(20, 200) + draw.next());
  if (company.customer)
    return Math.round(company.createdAt + (first.from - company.createdAt) * draw.next() * 0.2);
  if (place === 0) return first.from + 5 * minute;
  return Math.round(first.from + (start - day - first.from) * (0.15 + 0.8 * draw.next()));
}

/** Of a larger company also some who only look around, and of a customer those who work with what it bought. */
export function tellBystanders(scene: Scene, companies: readonly WorldCompany[]): WorldPerson[] {
  const draw = chance(scene.seed, 'bystanders');
  const numbered = number('b');
  return companies
    .filter((company) => company.customer || sizeOf(company) !== 'small')
    .flatMap((company) =>
      Array.from({ length: draw.int(0, 2) }, () =>
        invent(scene, draw, {
          key: numbered(),
          company,
          createdAt: Math.max(company.createdAt, ago(scene, draw.int(10, 340) + draw.next())),
          in: [draw.pick(company.in)],
          salesforce: company.customer ? { as: 'contact' } : leadFacts(draw),
        }),
      ),
    );
}

/** Leads and subscribers who named no company; a few never left the chat window. */
export function tellLoners(scene: Scene, count: number): WorldPerson[] {
  const draw = chance(scene.seed, 'loners');
  const numbered = number('l');
  const odds: readonly (readonly WorldSystem[])[] = [
    ['salesforce'],
    ['hubspot'],
    bothSystems,
    ['hubspot'],
    ['hubspot'],
    ['salesforce'],
    bothSystems,
    [],
  ];
  return Array.from({ length: count }, () =>
    invent(scene, draw, {
      key: numbered(),
      company: null,
      place: draw.pick(placeOdds),
      createdAt: ago(scene, draw.int(3, 340) + draw.next()),
      in: draw.pick(odds),
      salesforce: leadFacts(draw),
    }),
  );
}

/** `tagged`: whether a campaign may have brought the person. */
type Frame = Omit<PersonPlan, 'name'> & { readonly tagged?: false };

function invent(scene: Scene, draw: Chance, { tagged, ...frame }: Frame): WorldPerson {
  const place = places[frame.company ? placeOf(frame.company) : (frame.place ?? 'US')];
  const span = scene.now - frame.createdAt;
  const changedAt = (from: number) => Math.round(frame.createdAt + span * (from + draw.next() / 4));
  const told = draw.flip(0.15)
    ? { told: { hubspot: { title: draw.pick(jobTitles), at: changedAt(0.5) } } }
    : {};
  const utm = draw.flip(0.7) ? runningUtm(scene, draw, frame) : undefined;
  return makePerson(scene, {
    ...frame,
    name: [draw.pick(place.names.given), draw.pick(place.names.family)],
    title: draw.flip(0.85) ? draw.pick(jobTitles) : null,
    city: draw.pick(place.cities),
    modifiedAt: Math.min(changedAt(0.2), scene.now - minute),
    lifecycle: draw.pick(lifecycles),
    ...(draw.flip(0.2) ? { phone: null } : {}),
    ...(utm && tagged !== false ? { utm } : {}),
    ...(frame.in?.includes('hubspot') ? told : {}),
  });
}

function leadFacts(draw: Chance): NonNullable<WorldPerson['salesforce']> {
  return { as: 'lead', status: draw.pick(leadStatuses), ...(draw.flip(0.1) ? { optedOut: true } : {}) };
}

function number(prefix: string): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `${prefix}-${String(last).padStart(3, '0')}`;
  };
}
