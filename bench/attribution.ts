/** Models on files of journeys, a line each; beside them a bare read of the same file that only counts touches. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IncrementalRun } from './attribution-incremental.ts';
import { type JourneyFileSize, writeJourneys } from './attribution-journeys.ts';
import { type Measured, measure, say } from './measure.ts';

interface Task {
  readonly models: string;
  /** What the project promises for a machine with two cores: CPU seconds, reading included, and MB. */
  readonly seconds?: number;
  readonly mb?: number;
}

interface Scene extends JourneyFileSize {
  readonly tasks: readonly Task[];
}

const scenes: readonly Scene[] = [
  {
    journeys: 10_000_000,
    channels: 20,
    tasks: [
      { models: 'first,last,linear,time-decay,position', seconds: 2.5, mb: 400 },
      { models: 'markov:1', seconds: 2.8 },
      { models: 'markov:2' },
      { models: 'markov:3', seconds: 4 },
      { models: 'markov:4', seconds: 10 },
      { models: 'shapley' },
      { models: 'shapley-ordered' },
      { models: 'all' },
    ],
  },
  { journeys: 1_000_000, channels: 50, tasks: [{ models: 'markov:3', seconds: 5 }] },
];

export async function bench(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-bench-'));
  try {
    for (const scene of scenes) await play(scene, join(folder, `${scene.channels}.csv`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await incremental();
}

async function play(scene: Scene, file: string): Promise<void> {
  await writeJourneys(file, scene);
  const bare = await measure<{ touches: number }>('count-touches.ts', [file]);
  say(`\n${scene.journeys} journeys, ${scene.channels} channels, ${bare.value.touches} touches`);
  say(line('bare read', bare, bare.cpu, ''));
  for (const task of scene.tasks) {
    const measured = await measure<null>('attribution-worker.ts', [file, task.models]);
    say(line(task.models, measured, bare.cpu, promise(task)));
  }
}

function line(name: string, { cpu, peakMb }: Measured<unknown>, bare: number, promised: string): string {
  const ratio = `${(cpu / bare).toFixed(2)} times the bare read`;
  return `${name.padEnd(38)} ${cpu.toFixed(2).padStart(6)} s CPU, ${ratio}, ${peakMb.toFixed(0)} MB${promised}`;
}

function promise({ seconds, mb }: Task): string {
  const parts = [...(seconds ? [`${seconds} s`] : []), ...(mb ? [`${mb} MB`] : [])];
  return parts.length > 0 ? ` (at most ${parts.join(', ')})` : '';
}

async function incremental(): Promise<void> {
  const { value, peakMb } = await measure<IncrementalRun>('attribution-incremental.ts', []);
  const { journeys, channels, perSecond, bare, solve } = value;
  say(`\nmarkov:1 kept up to date, ${journeys} journeys, ${channels} channels, in memory`);
  for (const [what, rate] of Object.entries(perSecond))
    say(
      `${what}: ${million(rate)} journeys/s of CPU, ${(bare / rate).toFixed(1)} times a bare walk over the touches (at least 1 million)`,
    );
  say(`credit anew after each journey: ${(solve * 1_000).toFixed(2)} ms (at most 2 ms)`);
  say(`peak memory, journeys and all: ${peakMb.toFixed(0)} MB`);
}

function million(count: number): string {
  return `${(count / 1e6).toFixed(1)} million`;
}
