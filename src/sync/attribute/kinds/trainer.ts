/** The thread in which models are fitted: minutes of computing must not keep webhooks waiting. */
import { parentPort, workerData } from 'node:worker_threads';
import { fittedKind } from './kinds.ts';
import type { TrainingTask } from './train.ts';

const { kind, observations, plan }: TrainingTask = workerData;
const found = fittedKind(kind);
if (!found) throw new RangeError(`there is no model ${kind}`);
parentPort?.postMessage(found.train(observations, plan));
