/** What a reader must know of a result that the numbers do not say. */
import type { PathCredit, PathModel, PathSettings } from '../../attribution/path-models.ts';
import type { ReadTotals } from '../../attribution/run.ts';

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
      uses('last-non-direct') && !directChannels.some((name) => channels.includes(name)),
      `No channel is called ${directChannels.join(' or ')}: last-non-direct is the last touch. Name the channel with --direct.`,
    ],
  ];
  return [
    ...notes.flatMap(([holds, note]) => (holds ? [note] : [])),
    ...sampled,
    ...results.flatMap(({ choice }) => (choice ? [choice.statement] : [])),
    ...results.flatMap(({ presence }) => presence?.statements ?? []),
  ];
}
