/**
 * The rules of the rulebook, and the admin's own, as models of deals. A milestone's touch is the last one at or before
 * it; a touch that holds two milestones gets both parts; the part of a missing milestone, or of middle touches that do
 * not exist, is shared by what is there.
 */
import type { Milestone, Model, Split } from './model.ts';
import { type Part, type RuleSettings, rulebook } from './rulebook.ts';
import { byParts, placeNames, timeDecay, type Weigh, type Weighing } from './weighing.ts';

/** All rule-based models, by id. */
export function ruleModels(settings: RuleSettings): Model[] {
  return rulebook.map((rule) =>
    modelOf(
      rule.id,
      rule.title,
      rule.definition(settings),
      'decay' in rule ? timeDecay(settings.halfLifeDays) : byParts(rule, settings),
    ),
  );
}

/** Parts of the credit in percent, 0 to 100; what they sum to counts as the whole. */
export type CustomParts = Readonly<Record<Milestone | 'lastTouch' | 'others', number>>;

/** A model of the admin's own: so much to the touches at milestones, to the last one, and to all others together. */
export function customModel(id: string, { others, ...percents }: CustomParts): Model {
  const places = ['firstTouch', 'leadCreated', 'dealCreated', 'closed', 'lastTouch'] as const;
  const parts: Part[] = places.map((place) => ({ place, percent: percents[place] }));
  const held = parts.filter(({ percent }) => percent > 0);
  const words = held.map(({ place, percent }) => `${placeNames[place]} ${percent} %`);
  const rest = others > 0 ? [`all others share ${others} %`] : [];
  const definition = `${capitalized([...words, ...rest].join(', '))}.`;
  return modelOf(id, id, definition, byParts({ parts: held, others }, { directChannels: [] }));
}

function modelOf(id: string, title: string, definition: string, weigh: Weigh): Model {
  return { id, title, definition, version: 'rule', split: (journey) => normalise(weigh(journey)) };
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Shares that sum to 1; nothing at all for a journey in which no touch is entitled (credit is never invented). */
function normalise({ weights, why }: Weighing): Split {
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const shares = weights.map((weight) => (sum > 0 ? weight / sum : 0));
  const told = spoken();
  return { shares, baseline: 0, reason: (index) => `${why(index)}: ${told(shares[index] ?? 0)}.` };
}

/** Many touches in a row have one share. */
function spoken(): (share: number) => string {
  let [last, text] = [Number.NaN, ''];
  return (share) => {
    if (share !== last) [last, text] = [share, percent(share)];
    return text;
  };
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}
