/** `hub suggest`: what a person should look at and the hub does not decide. */

import type { Doubtful, DoubtfulPair } from '../../reports/doubts.ts';
import { type Suggestions, suggestions } from '../../reports/suggestions.ts';
import { mostHolders } from '../../store/contract/identity.ts';
import { formatMoney } from '../../support/money.ts';
import { exitCodes } from '../../support/problem.ts';
import type { Cli } from '../command.ts';
import { asTyped } from '../spelling.ts';
import { moreThan, partyText } from '../text/party-text.ts';

export const suggest: Cli = {
  run: (invocation) =>
    invocation.withApp(async ({ hub }) => {
      const found = await suggestions(hub);
      invocation.print(found, () => text(found));
      return exitCodes.done;
    }),
};

function text({ pairs, duplicates, people, doubts }: Suggestions): string {
  return [
    `${doubts.length} ${doubts.length === 1 ? 'key' : 'keys'} ignored as ambiguous: the evidence contradicts a join`,
    ...doubts.flatMap(doubtLines),
    `${people.length} likely pairs of people, in two CRMs without a key that ties them`,
    ...people.flatMap((pair) => pairLines(pair)),
    `${pairs.length} likely pairs of deals, in two CRMs without a reference to each other`,
    ...pairs.flatMap(({ deals, because, ...pair }) => [
      `  ${because.join(', ')}`,
      ...deals.map(({ id, name, amount, closeDate, connections }) => {
        const money = amount ? formatMoney(amount.minor, amount.currency) : '';
        return `    ${connections.join(', ')}: ${name}, ${money}, ${closeDate ?? 'no date'} (${id})`;
      }),
      ...evidenceLines(pair),
    ]),
    `${duplicates.length} with several records in one CRM; the first is the one that is written`,
    ...duplicates.map(
      ({ kind, name, connection, object, records }) =>
        `  ${kind} ${name}: ${connection} ${object} ${records.join(', ')}`,
    ),
  ].join('\n');
}

function doubtLines({ kind, key, why, holders, entities, held, remedy, parties, pairs }: Doubtful): string[] {
  const waiting = held > 0 ? `; ${held} known from chats alone wait for your word` : '';
  return [
    `  ${kind} ${key} (${holders === mostHolders ? `${holders} or more` : holders} hold it): ${why}${waiting}`,
    ...(pairs.length === 0 ? parties.map((party) => `    ${partyText(party)}`) : []),
    ...pairs.flatMap((pair) => pairLines(pair, '  ')),
    ...moreThan(parties.length, entities).map((more) => `    ${more} who hold it`),
    ...(remedy === null ? [] : [`    ${remedy}`]),
  ];
}

function pairLines({ one, other, ...pair }: DoubtfulPair, indent = ''): string[] {
  return [`${indent}  ${partyText(one)}  and  ${partyText(other)}`, ...evidenceLines(pair, indent)];
}

function evidenceLines(
  { commands, weights, total }: Pick<DoubtfulPair, 'commands' | 'weights' | 'total'>,
  indent = '',
): string[] {
  const evidence = weights.map(({ field, level, bits }) => `${signed(bits)} ${field} ${level}`).join(', ');
  return [
    ...(weights.length > 0 ? [`${indent}    ${evidence}: ${signed(total)} together`] : []),
    `${indent}    ${asTyped(commands.same)}`,
    `${indent}    ${asTyped(commands.different)}`,
  ];
}

/** Above 0 it speaks for one, below 0 against. */
function signed(bits: number): string {
  return `${bits < 0 ? '' : '+'}${bits.toFixed(1)}`;
}
