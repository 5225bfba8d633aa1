/** One more vendor of the toy's kind: it takes writes as imports, and says later what became of them. */
import { z } from 'zod';
import type { Connector } from '../../../src/connector/contract/connector.ts';
import type { Outcome, Sink } from '../../../src/connector/contract/writing.ts';
import type { ToyConfig } from './config.ts';
import { toy } from './connector.ts';
import { object } from './rows.ts';
import { result, sink, sorted, toOutcome, toWire } from './writing.ts';

const made = z.object({ id: z.string() });
const importing = z.object({ import: z.string() });
const progress = z.object({ leftMs: z.number(), results: z.array(result) });

const waitsFor = 'an import of things';

/** Rows are named by the hub's key, for nobody knows in which order they are handed over later. */
export const importSink: Sink<ToyConfig> = {
  batchSize: sink.batchSize,
  push: async (ctx, writes) => {
    const { named, refused } = sorted(writes);
    const outcomes: Outcome[] = [...refused];
    for (let from = 0; from < named.length; from += sink.batchSize) {
      const some = named.slice(from, from + sink.batchSize);
      const json = { writes: some.map((write) => toWire(write, write.key)) };
      // Should its answer be lost, the import runs twice, and the second one changes nothing.
      const answer = await ctx.http.send({ method: 'POST', url: '/imports', json, repeatable: true });
      const job = { import: made.parse(answer.json()).id };
      const rest = { resumeInMs: 1_000, waitsFor };
      outcomes.push(...some.map(({ key }) => ({ key, status: 'pending', job, rest }) as const));
    }
    return outcomes;
  },
  collect: async (ctx, job) => {
    const { import: id } = importing.parse(job);
    const answer = await ctx.http.send({ method: 'GET', url: '/imports', query: { id } });
    const { leftMs, results } = progress.parse(answer.json());
    if (leftMs > 0) return { resumeInMs: leftMs, waitsFor };
    return results.map((one) => toOutcome(one.ref, one));
  },
};

export const importingToy: Connector<ToyConfig> = {
  ...toy,
  sink: (name) => (name === object ? importSink : undefined),
};
