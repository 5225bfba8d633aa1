/** Work that runs for long in one place lets the event loop turn now and then, so that others are answered. */
import { setImmediate as turn } from 'node:timers/promises';

/** Longest time without a turn, where a long piece of work asks often enough. */
const breathMs = 10;

let since = 0;

/** Undefined while there is no need: then nothing is to be awaited. */
export function breath(): Promise<void> | undefined {
  const now = performance.now();
  if (now - since < breathMs) return undefined;
  return turn().then(() => {
    since = performance.now();
  });
}

/** `map` for many items, each of which takes a while. */
export async function eachInBreaths<T, R>(items: readonly T[], work: (item: T) => R): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) {
    results.push(work(item));
    const pause = breath();
    if (pause) await pause;
  }
  return results;
}

/** Runs work that pauses by `yield` to its end, and lets the event loop turn at a pause when it is time. */
export async function inBreaths<R>(work: Generator<unknown, R>): Promise<R> {
  for (let step = work.next(); ; step = work.next()) {
    if (step.done) return step.value;
    const pause = breath();
    if (pause) await pause;
  }
}

/** The same without a turn, for callers that cannot wait. */
export function atOnce<R>(work: Generator<unknown, R>): R {
  for (let step = work.next(); ; step = work.next()) if (step.done) return step.value;
}
