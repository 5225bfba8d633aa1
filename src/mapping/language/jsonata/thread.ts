/**
 * The thread that evaluates, one expression at a time. Whatever does not come back in time is ended with its
 * thread. Runs in a process of its own (see `process.ts`).
 */
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type Evaluated, type Evaluation, expressionLimits } from './limits.ts';

/** The source in a checkout, the compiled file in a package. */
const program = import.meta.url.endsWith('.ts') ? './thread-program.ts' : './thread-program.js';

let running: Promise<Worker> | null = null;

export async function evaluateInThread(evaluation: Evaluation): Promise<Evaluated> {
  running ??= start();
  const worker = await running;
  const ended = new AbortController();
  try {
    const answer = await Promise.race([answerOf(worker, evaluation, ended.signal), outOfTime(ended.signal)]);
    if ('exceeded' in answer && (answer.exceeded === 'time' || answer.exceeded === 'memory')) {
      running = null;
      await worker.terminate();
    }
    return answer;
  } catch (error) {
    running = null;
    throw error;
  } finally {
    ended.abort();
  }
}

function start(): Promise<Worker> {
  const { memory } = expressionLimits;
  const worker = new Worker(new URL(program, import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memory },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', () => {
      worker.off('error', reject);
      resolve(worker);
    });
    worker.once('error', reject);
  });
}

function answerOf(worker: Worker, evaluation: Evaluation, ended: AbortSignal): Promise<Evaluated> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown) =>
      isOutOfMemory(error) ? resolve({ exceeded: 'memory' }) : reject(error);
    worker.once('message', resolve);
    worker.once('error', failed);
    ended.addEventListener('abort', () => {
      worker.off('message', resolve);
      worker.off('error', failed);
      // A thread that is being ended may still complain, and nobody waits for that any more.
      worker.on('error', () => undefined);
    });
    worker.postMessage(evaluation);
  });
}

/** How often the time that was taken is looked at, ms. */
const glanceMs = 100;

/**
 * By the processor's time, for a busy machine makes no expression endless. This process does nothing else, and
 * whatever was answered meanwhile is heard before the next glance.
 */
async function outOfTime(ended: AbortSignal): Promise<Evaluated> {
  const before = process.cpuUsage();
  const taken = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000;
  };
  while (!ended.aborted && taken() < expressionLimits.time) await pause(glanceMs);
  return { exceeded: 'time' };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
