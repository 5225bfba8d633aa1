/** Fits one model in a thread of its own. */
import { Worker } from 'node:worker_threads';
import type { Observations } from '../../../attribution/hazard/observations.ts';
import type { Trained, TrainingPlan } from './kind.ts';

export interface TrainingTask {
  readonly kind: string;
  readonly observations: Observations;
  readonly plan: TrainingPlan;
}

/** The source in a checkout, the compiled file in a package. */
const program = import.meta.url.endsWith('.ts') ? './trainer.ts' : './trainer.js';

export function train(task: TrainingTask, signal: AbortSignal): Promise<Trained> {
  signal.throwIfAborted();
  const worker = new Worker(new URL(program, import.meta.url), { workerData: task });
  return new Promise<Trained>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the fit of ${task.kind} ended with ${code}`)));
  }).finally(() => worker.terminate());
}
