import type { Appender } from '../../../src/connector/contract/appending.ts';
import { appendingToy, doubling, merging } from '../toy/appending.ts';
import type { ToyConfig } from '../toy/config.ts';
import { appending } from '../toy/subject.ts';
import type { Defect } from './sabotage.ts';

const arrives = 'each event of a batch arrives once, as it was sent, and gets a receipt';
const bad = 'one bad event spoils only itself';
const lost = 'an answer that is lost is said to be lost, and what it was about is sent once';
const twice = 'the same batch again is one event each';
const asked = 'the vendor can be asked what has arrived';

export const appendingDefects: readonly Defect[] = [
  defect('forgets the last event of a full batch', [arrives], {
    ...merging,
    append: (ctx, batch) => {
      const { length } = batch.events;
      return merging.append(ctx, { ...batch, events: batch.events.slice(0, length === 4 ? 3 : length) });
    },
  }),
  defect('gives up a batch for one bad event', [bad], {
    ...merging,
    append: async (ctx, batch) => {
      const receipts = await merging.append(ctx, batch);
      const no = receipts.find((one) => one.status === 'failed');
      return no?.status === 'failed' ? receipts.map(({ id }) => ({ ...no, id })) : receipts;
    },
  }),
  defect('sends again by itself what may double', [lost], {
    ...doubling,
    append: async (ctx, batch) => doubling.append(ctx, batch).catch(() => doubling.append(ctx, batch)),
  }),
  defect('says of what doubles that it merges', [lost, twice], {
    ...doubling,
    repeat: 'merges',
    append: repeating,
  }),
  defect('takes everything for arrived', [asked], {
    ...doubling,
    seen: async (_ctx, events) => new Set(events.map(({ id }) => id)),
  }),
];

/** As one would send what merges. */
async function repeating(...[ctx, batch]: Parameters<typeof doubling.append>) {
  return doubling.append(ctx, batch).catch(() => doubling.append(ctx, batch));
}

function defect(name: string, caughtBy: readonly string[], appender: Appender<ToyConfig>): Defect {
  const { appenders = [] } = appending(appender);
  return { name, toy: appendingToy(appender), subject: { appenders }, caughtBy };
}
