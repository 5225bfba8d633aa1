/** The fit in a thread of its own, so that a server goes on answering while it runs. */
import { Worker } from 'node:worker_threads';
import type { Observations } from '../hazard/observations.ts';
import type { Watching } from '../uncertainty/bootstrap.ts';
import type { PosteriorOptions } from './options.ts';
import type { PosteriorFit } from './parameters.ts';

/** What the thread is started with. */
export interface PosteriorTask {
  readonly observations: Observations;
  readonly options: Partial<PosteriorOptions>;
}

export type PosteriorAnswer =
  | { readonly fit: PosteriorFit }
  | { readonly done: number; readonly all: number };

/** The source in a checkout, the compiled file in a package. */
const program = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';

/** The same fit as `fitPosterior`, to the last bit. Rejects with the reason when aborted. */
export async function fitPosteriorApart(
  observations: Observations,
  options: Partial<PosteriorOptions> = {},
  { signal, progress }: Watching = {},
): Promise<PosteriorFit> {
  signal?.throwIfAborted();
  const workerData: PosteriorTask = { observations, options };
  const worker = new Worker(new URL(program, import.meta.url), { workerData });
  try {
    return await new Promise((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      worker.once('error', reject);
      worker.on('message', (said: PosteriorAnswer) => {
        if ('fit' in said) resolve(said.fit);
        else progress?.(said.done, said.all);
      });
    });
  } finally {
    await worker.terminate();
  }
}
