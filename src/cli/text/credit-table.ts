/** Credit as CSV. */
import type { ComparedCredit } from '../../attribution/compare.ts';
import type { ChannelCredit } from '../../attribution/credit.ts';
import type { Transition } from '../../attribution/markov/transitions.ts';
import { csvText } from '../../support/csv.ts';

export function creditCsv(credit: readonly ChannelCredit[]): string {
  return csvText(
    ['channel', 'conversions', 'value'],
    credit.map(({ channel, conversions, value }) => [channel, tidy(conversions), tidy(value)]),
  );
}

/** One column a model, and one more for its value where there is any; the last row is the total. */
export function comparedCsv(
  rows: readonly ComparedCredit[],
  models: readonly string[],
  hasValue: boolean,
): string {
  const columns = [
    ...models.map((model) => ({ name: model, of: (row: ComparedCredit) => row.conversions[model] ?? 0 })),
    ...(hasValue ? models : []).map((model) => ({
      name: `${model}:value`,
      of: (row: ComparedCredit) => row.value[model] ?? 0,
    })),
  ];
  const total = columns.map(({ of }) => rows.reduce((all, row) => all + of(row), 0));
  return csvText(
    ['channel', ...columns.map(({ name }) => name)],
    [
      ...rows.map((row) => [row.channel, ...columns.map(({ of }) => hundredths(of(row)))]),
      ['total', ...total.map(hundredths)],
    ],
  );
}

export function transitionsCsv(transitions: Iterable<Transition>): string {
  return csvText(
    ['from', 'to', 'journeys', 'probability'],
    Array.from(transitions, ({ from, to, journeys, probability }) => [
      from,
      to,
      String(journeys),
      tidy(probability),
    ]),
  );
}

/** From here on 15 digits have no room for the hundredth. */
const large = 1e13;

/**
 * To 15 digits: what a double holds for sure, without the noise of its last bit (0.1 + 0.2 is 0.3). Large numbers in
 * full, the shortest text that reads back as the same double: there 15 digits would cut off cents, or conversions.
 */
function tidy(number: number): string {
  return String(number < large ? Number(number.toPrecision(15)) : number);
}

function hundredths(count: number): string {
  return (count / 100).toFixed(2);
}
