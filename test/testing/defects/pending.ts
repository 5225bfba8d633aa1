import type { Decided, Outcome, Pending, Sink } from '../../../src/connector/contract/writing.ts';
import type { ToyConfig } from '../toy/config.ts';
import { importingToy, importSink } from '../toy/imports.ts';
import { object } from '../toy/rows.ts';
import { importing } from '../toy/subject.ts';
import type { Defect, Toy } from './sabotage.ts';

const tells = 'a push that is kept waiting ends at once, and its job tells each outcome';
const again = 'a job that is asked for again says the same';
const expired = 'a job that the vendor no longer knows is expired';

const { sinks = [] } = importing;
const subject = { sinks };

type Collect = NonNullable<Sink<ToyConfig>['collect']>;

const sound: Collect = async (...args) => (await importSink.collect?.(...args)) ?? [];

export const pendingDefects: readonly Defect[] = [
  {
    name: 'waits for its import itself',
    toy: sinking({
      push: async (ctx, writes) => {
        const outcomes = await importSink.push(ctx, writes);
        const decided: Outcome[] = [];
        for (const job of new Set(outcomes.map((one) => (one as Pending).job))) {
          let said = await sound(ctx, job, writes);
          while (!Array.isArray(said)) {
            await ctx.clock.sleep(said.resumeInMs);
            said = await sound(ctx, job, writes);
          }
          decided.push(...said);
        }
        return decided;
      },
    }),
    subject,
    caughtBy: [tells, again, expired],
  },
  {
    name: 'pairs what an import did with the writes by their place',
    toy: collecting(async (ctx, job, writes) => {
      const said = await sound(ctx, job, writes);
      return Array.isArray(said) ? said.map((one, n) => ({ ...one, key: writes[n]?.key ?? '' })) : said;
    }),
    subject,
    caughtBy: [tells],
  },
  {
    name: 'takes a running import for done',
    toy: collecting(async (ctx, job, writes) => {
      const said = await sound(ctx, job, writes);
      if (Array.isArray(said)) return said;
      return writes.map(({ key }): Decided => ({ key, status: 'written', id: '', created: true }));
    }),
    subject,
    caughtBy: [tells],
  },
  {
    name: 'collects an import only once',
    toy: collecting(once()),
    subject,
    caughtBy: [again],
  },
  {
    name: 'says of an import that is gone that it has written nothing',
    toy: collecting((ctx, job, writes) => sound(ctx, job, writes).catch(() => [])),
    subject,
    caughtBy: [expired],
  },
];

function once(): Collect {
  const told = new Set<string>();
  return async (ctx, job, writes) => {
    const said = await sound(ctx, job, writes);
    if (!Array.isArray(said)) return said;
    const name = `${ctx.config.url} ${JSON.stringify(job)}`;
    if (told.has(name)) return [];
    told.add(name);
    return said;
  };
}

function sinking(change: Partial<Sink<ToyConfig>>): Toy {
  return { ...importingToy, sink: (name) => (name === object ? { ...importSink, ...change } : undefined) };
}

function collecting(collect: Collect): Toy {
  return sinking({ collect });
}
