/** Resamples on several threads. Which thread makes which does not matter: a resample is named by its number. */
import { Worker } from 'node:worker_threads';
import type { Basis } from '../hazard/fit.ts';
import { type Bootstrap, bootstrapHere, type Watching } from './bootstrap.ts';
import { sharedBasis } from './memory.ts';
import type { Resample } from './resample.ts';

export interface Threads extends Watching {
  /** 1: in this thread. */
  readonly threads: number;
}

/** What a worker is started with. */
export interface WorkerTask {
  readonly basis: Basis;
  readonly seed: number;
}

/** What it answers to each number that it is sent. */
export interface WorkerAnswer {
  readonly index: number;
  readonly resample: Resample;
}

/** The resamples in their order, the same on any number of threads. Rejects with the reason when aborted. */
export async function bootstrap(
  basis: Basis,
  plan: Bootstrap,
  { threads, signal, progress }: Threads,
): Promise<Resample[]> {
  if (threads < 2 || plan.resamples < 2) return bootstrapHere(basis, plan, { signal, progress });
  const task: WorkerTask = { basis: sharedBasis(basis), seed: plan.seed };
  const workers = Array.from({ length: Math.min(threads, plan.resamples) }, () => start(task));
  try {
    return await collect(workers, plan.resamples, { signal, progress });
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** The source in a checkout, the compiled file in a package. */
const program = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';

function start(task: WorkerTask): Worker {
  return new Worker(new URL(program, import.meta.url), { workerData: task });
}

/** Gives every worker the next number as soon as it has answered. */
function collect(
  workers: readonly Worker[],
  all: number,
  { signal, progress }: Watching,
): Promise<Resample[]> {
  const answers = new Array<Resample>(all);
  let sent = 0;
  let done = 0;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    signal?.addEventListener('abort', abort, { once: true });
    const next = (worker: Worker) => {
      if (sent < all) worker.postMessage(sent);
      sent += 1;
    };
    for (const worker of workers) {
      worker.on('error', reject);
      worker.on('message', ({ index, resample }: WorkerAnswer) => {
        answers[index] = resample;
        done += 1;
        progress?.(done, all);
        if (done < all) return next(worker);
        signal?.removeEventListener('abort', abort);
        resolve(answers);
      });
      next(worker);
    }
  });
}
