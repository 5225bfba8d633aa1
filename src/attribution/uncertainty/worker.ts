/** The thread that makes resamples: gets their numbers, answers with what they gave. */
import { parentPort, workerData } from 'node:worker_threads';
import { resample } from './resample.ts';
import type { WorkerAnswer, WorkerTask } from './workers.ts';

const { basis, seed }: WorkerTask = workerData;

parentPort?.on('message', (index: number) => {
  const answer: WorkerAnswer = { index, resample: resample(basis, seed, index) };
  parentPort?.postMessage(answer);
});
