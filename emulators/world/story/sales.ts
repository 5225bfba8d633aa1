/** What the company's own people do for a deal, stage by stage, as a table. */
import type { DealKind, WorldActivity, WorldDeal, WorldPerson, WorldResponse, WorldStage } from '../world.ts';
import { officeHour } from './calendar.ts';
import { type Chance, chance } from './chance.ts';
import { dealSizes, type Size, sizeOrder } from './market.ts';
import { day, hour, minute, type Scene } from './scene.ts';

export type Work = Omit<WorldActivity, 'key'>;

type Task = readonly [kind: WorldActivity['kind'], subject: string, from: Size];
type Stages = Readonly<Partial<Record<WorldStage, readonly Task[]>>>;

/** `from`: the smallest deal for which it is done. */
const selling: Stages = {
  prospecting: [
    ['call', 'First call', 'small'],
    ['call', 'Call: needs and budget', 'large'],
  ],
  qualified: [['meeting', 'Product demo', 'medium']],
  proposal: [
    ['email', 'Quote sent', 'small'],
    ['meeting', 'Through the proposal', 'large'],
    ['meeting', 'Security review', 'large'],
  ],
  negotiation: [
    ['meeting', 'Contract review', 'large'],
    ['email', 'Contract sent', 'medium'],
    ['call', 'Call: last questions', 'small'],
    ['call', 'Call: who has to approve', 'large'],
  ],
};

const lookingAfter: Stages = {
  prospecting: [['call', 'Call: how is it going?', 'small']],
  qualified: [
    ['meeting', 'Business review', 'small'],
    ['meeting', 'Review with the teams', 'large'],
  ],
  proposal: [
    ['email', 'Offer sent', 'small'],
    ['meeting', 'Through the offer', 'large'],
  ],
  negotiation: [
    ['meeting', 'Terms for another year', 'medium'],
    ['email', 'Contract sent', 'medium'],
    ['call', 'Call: last questions', 'small'],
    ['call', 'Call: approval by purchasing', 'large'],
  ],
};

const tasks: Readonly<Record<DealKind, Stages>> = {
  'new business': selling,
  expansion: lookingAfter,
  renewal: lookingAfter,
};

/** The first thing after a won deal; it is for later deals to be credited with. */
const welcome: Readonly<Record<DealKind, string>> = {
  'new business': 'Kick-off',
  expansion: 'Set-up of the new part',
  renewal: 'Plan for the new year',
};

const open: readonly WorldStage[] = ['prospecting', 'qualified', 'proposal', 'negotiation'];

interface Span {
  readonly from: number;
  readonly to: number;
  readonly tasks: Task[];
}

/**
 * Oldest first. All of it lies between the deal's making and its end; of a decided deal's last stage the later part is
 * the customer's own: approvals take their time.
 */
export function workOn(scene: Scene, draw: Chance, deal: WorldDeal, size: Size): Work[] {
  const work = spansOf(scene, deal, size).flatMap(({ from, to, tasks: due }) =>
    due.map(([kind, subject], index): Work => {
      const part = (index + 0.3 + 0.4 * draw.next()) / due.length;
      const planned = Math.round(from + (to - from) * part);
      const called = officeHour(scene, planned);
      return {
        ...{ kind, subject, ownerKey: deal.ownerKey, dealKey: deal.key },
        personKey: draw.pick(deal.people).personKey,
        at: called > from && called < to ? called : planned,
        system: deal.in.includes('salesforce') ? 'salesforce' : 'hubspot',
      };
    }),
  );
  return [...work, ...welcomeOf(scene, deal)];
}

/** What belongs to a stage that the deal left out is done in the one before. */
function spansOf(scene: Scene, deal: WorldDeal, size: Size): Span[] {
  const end = endOf(scene, deal, size);
  const spans: Span[] = [];
  const reached = highest(deal);
  for (const [order, stage] of open.entries()) {
    if (order > reached) break;
    const at = deal.stages.findIndex((step) => step.stage === stage);
    const from = deal.stages[at]?.at;
    const next = deal.stages[at + 1];
    if (from !== undefined) spans.push({ from, to: next ? workedUntil(from, next) : end, tasks: [] });
    const due = (tasks[deal.kind][stage] ?? []).filter(([, , least]) => isFor(size, least));
    spans.at(-1)?.tasks.push(...due);
  }
  return spans.map((span) => ({ ...span, to: Math.min(span.to, end) })).filter(({ from, to }) => to > from);
}

/** Part of a decided deal's last stage in which sales have work to do. */
const workedShare = 0.5;

function workedUntil(from: number, { stage, at }: WorldDeal['stages'][number]): number {
  return isDecision(stage) ? from + workedShare * (at - from) : at;
}

function isDecision(stage: WorldStage): boolean {
  return stage === 'won' || stage === 'lost';
}

function isFor(size: Size, least: Size): boolean {
  return sizeOrder.indexOf(size) >= sizeOrder.indexOf(least);
}

/** How far the deal came, as a place in `open`; a won one went all the way. */
function highest({ stages }: WorldDeal): number {
  const isWon = stages.some(({ stage }) => stage === 'won');
  return isWon ? open.length - 1 : Math.max(...stages.map(({ stage }) => open.indexOf(stage)));
}

/** Of an open deal, as far as the work of its stage has come by today. */
export function endOf(scene: Scene, { stages }: WorldDeal, size: Size): number {
  const last = stages.at(-1);
  if (!last) return scene.now;
  const wait = dealSizes[size].stageDays[1] * day;
  return isDecision(last.stage) ? last.at - hour : Math.min(last.at + wait, scene.now - 2 * hour);
}

function welcomeOf(scene: Scene, deal: WorldDeal): Work[] {
  const won = deal.stages.at(-1);
  const at = officeHour(scene, (won?.at ?? 0) + 6 * day);
  const [main] = deal.people;
  if (won?.stage !== 'won' || !main || at >= scene.now) return [];
  return [
    {
      ...{ kind: 'meeting', subject: welcome[deal.kind], ownerKey: deal.ownerKey, dealKey: null, at },
      personKey: main.personKey,
      system: deal.in.includes('salesforce') ? 'salesforce' : 'hubspot',
    },
  ];
}

/** A call to some of the leads that answered something and came to nothing so far. */
export function callsToLeads(
  scene: Scene,
  people: readonly WorldPerson[],
  answers: readonly Pick<WorldResponse, 'personKey' | 'at'>[],
): Work[] {
  const draw = chance(scene.seed, 'calls to leads');
  const answered = new Map(answers.map(({ personKey, at }) => [personKey, at]));
  return people.flatMap((person): Work[] => {
    const system = person.salesforce ? 'salesforce' : 'hubspot';
    const since = answered.get(person.key);
    if (since === undefined || !person[system] || person.deleted || !draw.flip(0.45)) return [];
    const planned = since + draw.int(30, 4_000) * minute;
    const called = officeHour(scene, planned);
    const at = called > since ? called : planned;
    if (at >= scene.now) return [];
    const kind = draw.pick(['call', 'call', 'email', 'task'] as const);
    const subject = { call: 'First call', email: 'Re: your request', task: 'Look up the company' }[kind];
    const { key: personKey, ownerKey } = person;
    return [{ kind, subject, ownerKey, personKey, dealKey: null, at, system }];
  });
}
