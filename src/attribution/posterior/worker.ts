/** The thread that fits: gets observations, answers with progress and at last with the fit. */
import { parentPort, workerData } from 'node:worker_threads';
import type { PosteriorAnswer, PosteriorTask } from './apart.ts';
import { fitPosterior } from './fit.ts';

const { observations, options }: PosteriorTask = workerData;
const answer = (said: PosteriorAnswer) => parentPort?.postMessage(said);

answer({ fit: fitPosterior(observations, options, (done, all) => answer({ done, all })) });
