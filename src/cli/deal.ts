/** `hub deal <id>`: why a deal has the credit that it has. */
import { formatMoney } from '../support/money.ts';
import { exitCodes, Problem } from '../support/problem.ts';
import { type DealExplanation, explainDeal } from '../sync/explain.ts';
import type { Cli } from './command.ts';

export const deal: Cli = {
  run: (invocation, [id = '']) =>
    invocation.withApp(async ({ hub }) => {
      const explained = await explainDeal(hub, id);
      if (!explained) {
        throw new Problem('usage', `No deal has the id "${id}".`, {
          remedy: 'Give the id of the hub, or the record id at a CRM.',
        });
      }
      invocation.print(explained, () => text(explained));
      return exitCodes.done;
    }),
};

function text({
  name,
  amount,
  status,
  stage,
  touches,
  models,
  outside,
  credit,
  records,
}: DealExplanation): string {
  const money = (minor: number) => (amount ? formatMoney(minor, amount.currency) : '');
  return [
    `${name}  ${amount ? formatMoney(amount.minor, amount.currency) : 'no amount'}  ${status ?? ''} (${stage ?? 'no stage'})`,
    ...records.map((record) => `  ${record.connection} ${record.object} ${record.id}`),
    '',
    typeof credit.reason === 'string' ? credit.reason : 'No chat in this deal’s journey.',
    outside > 0 ? `${outside} touches lie outside the window or after the close and count for nothing.` : '',
    '',
    ...models.flatMap((model) => [
      `${model.title}: ${model.definition}`,
      ...touches.map(({ at, channel, person, topic, byModel }) => {
        const part = byModel[model.id];
        const share = `${((part?.share ?? 0) * 100).toFixed(2)} %`.padStart(9);
        return `  ${share} ${money(part?.amountMinor ?? 0).padStart(16)}  ${at.slice(0, 16)} ${channel}${topic ? ` (${topic})` : ''}, ${person}. ${part?.reason ?? ''}`;
      }),
      ...(model.baseline > 0 ? [`  ${(model.baseline * 100).toFixed(2)} % would have happened anyway`] : []),
      '',
    ]),
  ].join('\n');
}
