/** The process that evaluates JSONata, one expression after the other; it ends with the hub, however that ends. */
import type { Evaluation } from './limits.ts';
import { evaluateInThread } from './thread.ts';

process.on('disconnect', () => process.exit());
// A terminal's Ctrl-C reaches this process as well; it is the hub that decides when its work is over.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

let last: Promise<unknown> = Promise.resolve();

process.on('message', (evaluation: Evaluation) => {
  last = last.then(async () => process.send?.(await evaluateInThread(evaluation)));
});
