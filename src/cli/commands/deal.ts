/** `hub deal <id>`: why a deal has the credit that it has. */

import { wholeUnits } from '../../attribution/whole-units.ts';
import { asOfTime } from '../../reports/as-of.ts';
import { type DealExplanation, explainDeal } from '../../reports/explain.ts';
import { formatMoney } from '../../support/money.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import type { Cli } from '../command.ts';

export const deal: Cli = {
  options: {
    '--explain': 'what each channel would have without each touch',
    '--as-of <date>': 'the credit that stood then, computed again: 2026-06-30 (its end, UTC), or a time',
  },
  run: (invocation, [id = '']) =>
    invocation.withApp(async ({ hub }) => {
      const explained = await explainDeal(hub, id, asOfTime(invocation.options.asOf));
      if (!explained) {
        throw new Problem('usage', `No deal has the id "${id}".`, {
          remedy: 'Give the id of the hub, or the record id at a CRM.',
        });
      }
      invocation.print(explained, () => text(explained, invocation.options.explain === true));
      return exitCodes.done;
    }),
};

function text(explained: DealExplanation, explain: boolean): string {
  const { name, amount, status, stage, touches, models, credit, records, asOf, changes } = explained;
  const { outside, apart, leftOut } = explained;
  const money = (minor: number) => (amount ? formatMoney(minor, amount.currency) : '');
  return [
    `${name}  ${amount ? formatMoney(amount.minor, amount.currency) : 'no amount'}  ${status ?? ''} (${stage ?? 'no stage'})`,
    ...records.map((record) => `  ${record.connection} ${record.object} ${record.id}`),
    ...(asOf ? [`As of ${asOf.at}. ${asOf.words}`] : []),
    '',
    typeof credit.reason === 'string' ? credit.reason : 'No chat in this deal’s journey.',
    ...(explain ? changes : []),
    outsideText(outside, status),
    leftOutText(leftOut),
    ...apart.map(
      ({ at, type, person }) => `  without credit  ${at.slice(0, 16)} ${apartWords(type)}, ${person}`,
    ),
    '',
    ...models.flatMap((model) => {
      const parts = touches.map(({ byModel }) => byModel[model.id]?.share ?? 0);
      const hundredths = wholeUnits([...parts, model.baseline], 10_000);
      return [
        `${model.title}: ${model.definition}${model.conversions === null ? '' : ` Fit ${model.version}.`}`,
        ...touches.flatMap(({ at, channel, person, topic, byModel }, index) => {
          const part = byModel[model.id];
          const share = hundredthsText(hundredths[index]).padStart(9);
          const line = `  ${share} ${money(part?.amountMinor ?? 0).padStart(16)}  ${at.slice(0, 16)} ${channel}${topic ? ` (${topic})` : ''}, ${person}. ${part?.reason ?? ''}`;
          return explain && part?.without ? [line, ...withoutLines(at, part.without)] : [line];
        }),
        ...baselineLines(model, hundredths.at(-1) ?? 0),
        '',
      ];
    }),
  ].join('\n');
}

const outsideWords: readonly (readonly [why: keyof DealExplanation['outside'], words?: string])[] = [
  ['before', 'before the window'],
  ['used', 'used up by an earlier deal of the same person'],
  ['after'],
];

function outsideText(outside: DealExplanation['outside'], status: string | null): string {
  const later = status === 'won' || status === 'lost' ? 'after the close' : 'yet to come';
  const parts = outsideWords.flatMap(([why, words]) =>
    outside[why] > 0 ? [`${outside[why]} ${words ?? later}`] : [],
  );
  return parts.length === 0 ? '' : `Other touches count for nothing: ${parts.join(', ')}.`;
}

const leftOutWords: Readonly<Record<string, string>> = {
  employees: 'by your own people',
  bots: 'by bots',
  tests: 'of tests',
  sales: 'of sales',
};

function leftOutText(leftOut: DealExplanation['leftOut']): string {
  const parts = Object.entries(leftOutWords).flatMap(([why, words]) =>
    (leftOut[why] ?? 0) > 0 ? [`${leftOut[why]} ${words}`] : [],
  );
  return parts.length === 0 ? '' : `Left out: ${parts.join(', ')}.`;
}

/** `touch.email_sent` → `email sent`. */
function apartWords(type: string): string {
  return type.replace('touch.', '').replaceAll('_', ' ');
}

function hundredthsText(hundredths = 0): string {
  return `${(hundredths / 100).toFixed(2)} %`;
}

/** @param shown hundredths of a percent that sum to all with those of the touches */
function baselineLines({ baseline, sharedOut }: DealExplanation['models'][number], shown: number): string[] {
  if (baseline === 0) return [];
  const anyway = `  ${hundredthsText(shown)} spoke for the deal without any touch`;
  // Else the reader would add up the lines above and wonder at the first one.
  return sharedOut
    ? [
        `${anyway}; the deal shows the shares of the other ${hundredthsText(10_000 - shown)} (baseline: without)`,
      ]
    : [anyway];
}

type Without = NonNullable<DealExplanation['touches'][number]['byModel'][string]['without']>;

/** None where the two are told alike. */
function withoutLines(at: string, { channel, share, instead }: Without): string[] {
  if (percent(instead) === percent(share)) return [];
  const line = `${' '.repeat(12)}Without the ${channel} touch of ${at.slice(0, 10)}, ${channel} would have ${percent(instead)} instead of ${percent(share)}.`;
  return [line];
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
