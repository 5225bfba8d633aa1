/** `hub suggest`: what a person should look at and the hub does not decide. */
import { formatMoney } from '../support/money.ts';
import { exitCodes } from '../support/problem.ts';
import { type Suggestions, suggestions } from '../sync/suggestions.ts';
import type { Cli } from './command.ts';

export const suggest: Cli = {
  run: (invocation) =>
    invocation.withApp(async ({ hub }) => {
      const found = await suggestions(hub);
      invocation.print(found, () => text(found));
      return exitCodes.done;
    }),
};

function text({ pairs, duplicates }: Suggestions): string {
  return [
    `${pairs.length} likely pairs of deals, in two CRMs without a reference to each other`,
    ...pairs.flatMap(({ deals, because }) => [
      `  ${because.join(', ')}`,
      ...deals.map(({ id, name, amount, closeDate, connections }) => {
        const money = amount ? formatMoney(amount.minor, amount.currency) : '';
        return `    ${connections.join(', ')}: ${name}, ${money}, ${closeDate ?? 'no date'} (${id})`;
      }),
    ]),
    `${duplicates.length} with several records in one CRM; the first is the one that is written`,
    ...duplicates.map(
      ({ kind, name, connection, object, records }) =>
        `  ${kind} ${name}: ${connection} ${object} ${records.join(', ')}`,
    ),
  ].join('\n');
}
