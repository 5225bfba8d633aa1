/** Made-up journeys: some channels far more often than others, one to eight touches, one in ten converts. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

export interface JourneyFileSize {
  readonly journeys: number;
  readonly channels: number;
}

/** 4.5 touches on average. */
export const mostTouches = 8;

/** A small seeded generator of numbers from 0 to 1: the same journeys in every run. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function anyChannel(next: () => number, channels: number): number {
  return Math.floor(next() * next() * channels);
}

/** `a > b > c,conversions,null` lines. */
export async function writeJourneys(file: string, { journeys, channels }: JourneyFileSize): Promise<void> {
  const stream = createWriteStream(file);
  const next = chance(1);
  let lines: string[] = [];
  for (let index = 0; index < journeys; index += 1) {
    const length = 1 + Math.floor(next() * mostTouches);
    const path = Array.from({ length }, () => `c${anyChannel(next, channels)}`).join(' > ');
    lines.push(next() < 0.1 ? `${path},1,0\n` : `${path},0,1\n`);
    if (lines.length < 20_000) continue;
    if (!stream.write(lines.join(''))) await once(stream, 'drain');
    lines = [];
  }
  stream.end(lines.join(''));
  await once(stream, 'finish');
}
