import type { Stream } from '../../../src/connector/contract/reading.ts';
import type { ToyConfig } from '../toy/config.ts';
import { toy } from '../toy/connector.ts';
import { object } from '../toy/rows.ts';
import { boxedToy, exportingToy, pullExport } from '../toy/slow.ts';
import { boxed, exporting } from '../toy/subject.ts';
import { type Defect, pulling, type Toy } from './sabotage.ts';

const rests =
  'a reading that is kept waiting rests, and is taken up from its checkpoint without being asked for again';
const apart = 'each record comes with one part of the stream only';
const ids = 'the list of ids names every live record, and none that is gone';
const count = 'the count is that of the live records';

export const restingDefects: readonly Defect[] = [
  {
    name: 'asks for a new export at each pull',
    toy: pulling(exportingToy, async function* (pull, ctx, checkpoint, options) {
      const isRunning = JSON.stringify(checkpoint).includes('export');
      return yield* pull(ctx, isRunning ? null : checkpoint, options);
    }),
    subject: keeping(exporting),
    caughtBy: [rests],
  },
  {
    name: 'ends while its export runs',
    toy: pulling(exportingToy, async function* (pull, ...input) {
      yield* pull(...input);
    }),
    subject: keeping(exporting),
    caughtBy: [rests],
  },
  {
    name: 'waits for its export itself',
    toy: pulling(exportingToy, async function* (_pull, ctx, checkpoint, options) {
      for (let at = checkpoint; ; ) {
        const pages = pullExport(ctx, at, options);
        let next = await pages.next();
        for (; !next.done; next = await pages.next()) {
          at = next.value.checkpoint;
          yield next.value;
        }
        if (!next.value) return;
        await ctx.clock.sleep(next.value.resumeInMs);
      }
    }),
    subject: keeping(exporting),
    caughtBy: [rests],
  },
  {
    name: 'brings everything with each part',
    toy: pulling(boxedToy, (pull, ctx, checkpoint) => pull(ctx, checkpoint)),
    subject: keeping(boxed),
    caughtBy: [apart],
  },
  {
    name: 'names one part only',
    toy: streaming(boxedToy, { parts: async () => ['left'] }),
    subject: keeping(boxed),
    caughtBy: [apart],
  },
  {
    name: 'lists a page of ids only',
    toy: streaming(toy, {
      ids: async function* (ctx) {
        for await (const some of toy.streams?.[object]?.ids?.(ctx) ?? []) yield some.slice(0, 10);
      },
    }),
    caughtBy: [ids],
  },
  {
    name: 'counts the dead',
    toy: streaming(toy, { count: async () => 5 }),
    caughtBy: [count],
  },
];

/** What the kit is told of such a vendor, but for the connector. */
function keeping({ streams = [] }: typeof exporting): NonNullable<Defect['subject']> {
  return { streams };
}

function streaming(sound: Toy, change: Partial<Stream<ToyConfig>>): Toy {
  const stream = sound.streams?.[object];
  if (stream === undefined) throw new Error('the toy has a stream');
  return { ...sound, streams: { [object]: { ...stream, ...change } } };
}
