import type { WorldActivity, WorldDeal, WorldPerson } from '../world.ts';
import { type Chance, chance } from './chance.ts';
import { day, minute, type Scene } from './scene.ts';

const subjects: Readonly<Record<WorldActivity['kind'], readonly string[]>> = {
  call: ['First call', 'Call: open questions', 'Call back'],
  meeting: ['Product demo', 'Kick-off', 'Contract review'],
  email: ['Quote sent', 'Re: your question', 'Security answers'],
  task: ['Send the draft', 'Check references'],
};
const kinds = Object.keys(subjects) as WorldActivity['kind'][];

/** What sales people did: two to four steps per deal, one for some leads. */
export function tellActivities(
  scene: Scene,
  deals: readonly WorldDeal[],
  people: readonly WorldPerson[],
): WorldActivity[] {
  const draw = chance(scene.seed, 'activities');
  const told: Omit<WorldActivity, 'key'>[] = [];
  for (const deal of deals) {
    const end = deal.stages.at(-1)?.at ?? deal.createdAt;
    for (let step = draw.int(2, 4); step > 0; step -= 1) {
      const at = deal.createdAt + Math.round((Math.min(end + day, scene.now) - deal.createdAt) * draw.next());
      told.push({
        ...act(draw, draw.pick(deal.people).personKey, at),
        dealKey: deal.key,
        system: draw.pick(deal.in),
      });
    }
  }
  for (const person of people) {
    const system = person.salesforce ? 'salesforce' : 'hubspot';
    if (!person[system] || person.salesforce?.as !== 'lead' || !draw.flip(0.3)) continue;
    const at = Math.min(person.createdAt + draw.int(30, 4_000) * minute, scene.now - minute);
    told.push({ ...act(draw, person.key, at), dealKey: null, system });
  }
  return told.map((activity, index) => ({ key: `a-${String(index + 1).padStart(3, '0')}`, ...activity }));
}

function act(
  draw: Chance,
  personKey: string,
  at: number,
): Pick<WorldActivity, 'kind' | 'subject' | 'personKey' | 'at'> {
  const kind = draw.pick(kinds);
  return { kind, subject: draw.pick(subjects[kind]), personKey, at };
}
