import type { WorldConversation, WorldDeal, WorldPerson } from '../world.ts';
import { campaignUtms } from './campaigns.ts';
import { type Chance, chance } from './chance.ts';
import { type ChatPlan, converse } from './conversation.ts';
import { languages, topics } from './dialogues.ts';
import { ago, day, hour, type Scene, visitor } from './scene.ts';

type Talk = (plan: Omit<ChatPlan, 'key' | 'topic'>) => WorldConversation;

/** Buyers, then leads, then passers-by without a name until `count` is reached. */
export function tellChats(
  scene: Scene,
  deals: readonly WorldDeal[],
  people: readonly WorldPerson[],
  count: number,
): WorldConversation[] {
  const draw = chance(scene.seed, 'chats');
  const talk = talker(draw);
  const byKey = new Map(people.map((person) => [person.key, person]));
  const buyers = deals.flatMap((deal) => (draw.flip(0.7) ? chatsOfDeal(scene, draw, talk, deal, byKey) : []));
  const busy = new Set(buyers.map((chat) => chat.personKey));
  const leads = people
    .filter((person) => person.email && !busy.has(person.key))
    .filter((person) => mustChat(person) || draw.flip(0.35));
  const named = [
    ...buyers,
    ...leads.flatMap((person) => sessions(scene, draw, talk, person, person.createdAt, draw.int(1, 2))),
  ].slice(0, count);
  const strangers = Array.from({ length: count - named.length }, (_, index) =>
    stranger(scene, draw, talk, index),
  );
  return [...named, ...strangers];
}

function talker(draw: Chance): Talk {
  let told = 0;
  return (plan) => {
    told += 1;
    return converse(draw, {
      key: `s-${String(told).padStart(4, '0')}`,
      topic: draw.pick(topics),
      misunderstood: draw.flip(0.12),
      handedOff: draw.flip(0.15),
      rating: draw.flip(0.3) ? draw.int(1, 5) : null,
      ...plan,
    });
  };
}

function chatsOfDeal(
  scene: Scene,
  draw: Chance,
  talk: Talk,
  deal: WorldDeal,
  people: ReadonlyMap<string, WorldPerson>,
): WorldConversation[] {
  const closed = deal.stages.at(-1)?.at ?? scene.now;
  return deal.people.slice(0, draw.int(1, 2)).flatMap(({ personKey }) => {
    const person = people.get(personKey);
    if (!person?.email) return [];
    const from = Math.max(deal.createdAt - draw.int(5, 75) * day, ago(scene, 364));
    return sessions(scene, draw, talk, person, from + (closed - from) * draw.next() * 0.5, draw.int(1, 3));
  });
}

/** Visits of one person, days apart. The first ones may be anonymous; from some point on the chat knows who it is. */
function sessions(
  scene: Scene,
  draw: Chance,
  talk: Talk,
  person: WorldPerson,
  from: number,
  count: number,
): WorldConversation[] {
  const namedFrom = mustChat(person) ? 0 : draw.int(0, count - 1);
  const told: WorldConversation[] = [];
  let at = Math.round(from);
  for (let visit = 0; visit < count && at < scene.now - hour; visit += 1) {
    const device = draw.flip(0.85) ? 1 : 2;
    told.push(
      talk({
        visitorId: visitor(scene, person.key, device),
        person,
        at,
        identified: visit >= namedFrom,
        utm: visit === 0 ? person.utm : draw.flip(0.2) ? draw.pick(campaignUtms) : undefined,
      }),
    );
    at += Math.round(draw.int(1, 20) * day * draw.next() + hour);
  }
  return told;
}

/** Neither CRM knows the person: the chat is where they come from. */
function mustChat(person: WorldPerson): boolean {
  return !person.salesforce && !person.hubspot;
}

function stranger(scene: Scene, draw: Chance, talk: Talk, index: number): WorldConversation {
  const at = ago(scene, draw.int(1, 360) + draw.next());
  const utm = draw.flip(0.5) ? draw.pick(campaignUtms) : undefined;
  return talk({
    visitorId: visitor(scene, `stranger ${Math.floor(index / 1.3)}`),
    person: null,
    at,
    utm,
    language: draw.flip(0.6) ? 'en' : draw.pick(languages),
  });
}
