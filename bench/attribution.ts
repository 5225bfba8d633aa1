/** Models on ten million journeys of twenty channels, a line each; beside them a bare read that only counts touches. */
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, say } from './measure.ts';

const journeys = 10_000_000;
const channels = 20;
/** 45 million touches over ten million journeys. */
const meanTouches = 4.5;
const models = ['first', 'last', 'linear', 'position', 'shapley', 'markov:1', 'markov:3', 'markov:4'];

export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
  try {
    const file = join(folder, 'journeys.csv');
    await writeJourneys(file);
    const bare = await measure<{ touches: number }>('countTouches.ts', [file]);
    say(
      `bare read, ${bare.value.touches} touches: ${bare.cpu.toFixed(2)} s CPU, ${bare.peakMb.toFixed(0)} MB`,
    );
    for (const model of models) {
      const { cpu, peakMb } = await measure<null>('attributionWorker.ts', [file, model]);
      const ratio = (cpu / bare.cpu).toFixed(2);
      say(
        `${model.padEnd(9)} ${cpu.toFixed(2)} s CPU, ${ratio} times the bare read, ${peakMb.toFixed(0)} MB`,
      );
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `a > b > c,conversions,null` lines from a small seeded generator; one in ten converts. */
async function writeJourneys(file: string): Promise<void> {
  const stream = createWriteStream(file);
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let lines: string[] = [];
  for (let index = 0; index < journeys; index += 1) {
    const length = 1 + Math.floor(next() * (2 * meanTouches - 1));
    const path = Array.from({ length }, () => `c${Math.floor(next() * next() * channels)}`).join(' > ');
    lines.push(next() < 0.1 ? `${path},1,0\n` : `${path},0,1\n`);
    if (lines.length < 20_000) continue;
    if (!stream.write(lines.join(''))) await once(stream, 'drain');
    lines = [];
  }
  stream.end(lines.join(''));
  await once(stream, 'finish');
}
