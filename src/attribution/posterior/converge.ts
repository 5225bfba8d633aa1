/** Chains walk until they agree. */
import { touchCounts } from '../hazard/observations.ts';
import { Random } from '../random.ts';
import { Chain } from './chain.ts';
import { type Diagnostics, diagnose, type Trace } from './diagnostics.ts';
import type { Prepared, Touched } from './ground.ts';
import type { Progress } from './options.ts';
import { ChainRecord, watchedIds } from './record.ts';

/** What all chains left, and whether they agree. */
export interface Walk {
  readonly records: readonly ChainRecord[];
  readonly diagnostics: Diagnostics;
}

/** Keeps these draws apart from other uses of the same seed. */
const topic = 0x50_4f;
/** Chains walk in stretches; so many of them make the sweeps that count at least. */
const stretches = 4;
/** Where chains have not converged, they walk on, half as far again each time. */
const mostRounds = 8;
const longer = 1.5;
/** Of all that a chain has walked, its beginning does not count. */
const beginning = 1 / 3;

export function converge({ observations }: Touched, prepared: Prepared, progress?: Progress): Walk {
  const { ground } = prepared;
  const { options } = ground;
  const count = options.chains;
  const watched = watchedIds(ground, touchCounts(observations));
  const names = watchedNames(watched, prepared);
  const walkers = Array.from({ length: count }, (_, index) => new Walker(prepared, watched, index));
  for (let round = 0; ; round += 1) {
    const walked = Math.round((stretches / (1 - beginning)) * longer ** round);
    const skipped = Math.floor(walked * beginning);
    const records = walkers.map((walker, index) => {
      const kept = walker.walk(walked, skipped);
      progress?.(round * count + index + 1, mostRounds * count);
      return kept;
    });
    const stretch = Math.ceil(options.sweeps / stretches);
    const diagnostics = diagnose(tracesOf(records, names), walked * stretch, options);
    if (diagnostics.converged || round + 1 === mostRounds) return { records: records.flat(), diagnostics };
  }
}

/** One chain with what it left. */
class Walker {
  readonly #chain: Chain;
  readonly #begin: (stretch: number) => ChainRecord;
  readonly #length: number;
  readonly #records: ChainRecord[] = [];

  constructor({ ground }: Prepared, watched: readonly number[], index: number) {
    const { chains, sweeps, seed, draws } = ground.options;
    const every = Math.max(1, Math.floor(sweeps / Math.ceil(draws / chains)));
    this.#length = Math.ceil(sweeps / stretches);
    this.#chain = new Chain(ground, new Random(seed, topic, index));
    this.#begin = (stretch) => {
      const random = new Random(seed, topic, chains + index, stretch);
      return new ChainRecord(ground, watched, { sweeps: this.#length, every }, random);
    };
  }

  /** Until so many stretches are walked. Returns those that count. */
  walk(walked: number, skipped: number): ChainRecord[] {
    while (this.#records.length < walked) {
      const record = this.#begin(this.#records.length);
      for (let sweep = 0; sweep < this.#length; sweep += 1) record.add(this.#chain, this.#chain.sweep());
      this.#records.push(record);
    }
    return this.#records.slice(skipped);
  }
}

/** In the order of the traces of a record; the last ones may be left out. */
function watchedNames(watched: readonly number[], { ground, scales, intent }: Prepared): string[] {
  const { channels } = ground.sample;
  const shares = watched.map((id) =>
    id === channels ? 'the baseline’s share' : `the share of channel ${id + 1}`,
  );
  if (ground.options.watched === 'shares') return shares;
  return [...shares, 'the baseline', ...scales.map(({ name }) => name), ...(intent ? ['intent'] : [])];
}

function tracesOf(
  records: readonly (readonly ChainRecord[])[],
  names: readonly string[],
): Map<string, Trace> {
  return new Map(
    names.map((name, index) => [
      name,
      records.map((stretchesOf) => joined(stretchesOf.map(({ traces }) => traces[index] ?? none))),
    ]),
  );
}

const none = new Float64Array();

function joined(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
