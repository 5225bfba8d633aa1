/** What a reader must know of a result that the numbers do not say. */

import type { PathCredit, PathModel, PathSettings } from '../../attribution/path-models.ts';
import { unknownPlaces } from '../../attribution/positions/rules.ts';
import { isDirect, rulebook } from '../../attribution/rulebook.ts';
import type { ReadTotals } from '../../attribution/run.ts';
import { placeNames } from '../../attribution/weighing.ts';

export function pathNotes(
  { has, conversions, nulls }: ReadTotals,
  channels: readonly string[],
  { directChannels, stepDays }: PathSettings,
  results: readonly (PathCredit & { readonly model: PathModel })[],
): string[] {
  const uses = (model: string) => results.some((result) => result.model.name === model);
  const sampled = results.flatMap(({ model, credit }) => {
    const error = Math.max(0, ...credit.map((one) => one.error ?? 0));
    return error > 0
      ? [`Credits of ${model.name} are sampled; the largest standard error is ${error.toPrecision(2)}.`]
      : [];
  });
  const notes: readonly (readonly [boolean, string])[] = [
    [
      !has.nulls,
      'The file has no column of journeys without conversion: every journey counts as converted. Name it with --null.',
    ],
    [conversions === 0, 'No journey converted: there is nothing to give credit for.'],
    [
      has.nulls && nulls === 0 && conversions > 0,
      'Every journey converted: nothing can be learnt about what makes one convert.',
    ],
    [
      uses('time-decay') && !has.ages,
      `The touches have no times: time decay takes them to be ${stepDays} ${stepDays === 1 ? 'day' : 'days'} apart. Give their ages with --ages, or the days with --step-days.`,
    ],
    [
      uses('last-non-direct') && !channels.some(isDirect(directChannels)),
      `No channel is called ${directChannels.join(' or ')}: last-non-direct is the last touch. Name the channel with --direct.`,
    ],
  ];
  return [
    ...results.flatMap(({ model }) => unknownMilestones(model.name)),
    ...notes.flatMap(([holds, note]) => (holds ? [note] : [])),
    ...sampled,
    ...results.flatMap(({ choice }) => (choice ? [choice.statement] : [])),
    ...results.flatMap(({ presence }) => presence?.statements ?? []),
  ];
}

/** Rules of milestones are for deals; a path tells of two of the four. */
function unknownMilestones(model: string): string[] {
  const rule = rulebook.find(({ id }) => id === model);
  if (rule === undefined || 'decay' in rule) return [];
  const names = unknownPlaces(rule).map((place) => placeNames[place]);
  if (rule.id === 'last-non-direct' || names.length === 0) return [];
  return [
    `Paths do not tell which is ${names.join(' and ')}: ${model} shares out its part among the touches that are there.`,
  ];
}
