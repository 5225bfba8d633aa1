/**
 * How long the event loop stands still while a hub takes ten thousand changes of a CRM and ten thousand chat events:
 * nothing and nobody else is answered in that time.
 */
import { measure, say } from './measure.ts';
import { onEmulator } from './on-emulator.ts';

interface Stalls {
  readonly left: number;
  /** The longest turn of each stage, ms of CPU. */
  readonly stages: Readonly<Record<string, number>>;
  /** Of the wall clock, ms: what else the machine does is in it. */
  readonly delay: { readonly max: number; readonly p99: number };
}

const changes = 10_000;
const batches = 100;

export async function bench(): Promise<void> {
  const knobs = { generate: { Contact: changes }, dailyRequests: 10_000_000 };
  const { value } = await onEmulator('salesforce', knobs, (connection) =>
    measure<Stalls>('stall-worker.ts', [connection, String(batches)]),
  );
  if (value.left > 0) throw new Error(`${value.left} records were not worked off`);
  const turns = Object.entries(value.stages).map(([stage, longest]) => `${stage} ${longest.toFixed(0)} ms`);
  say(`longest turn, CPU: ${turns.join(', ')} (wanted: at most 50)`);
  say(
    `delay of the event loop, wall clock: p99 ${value.delay.p99.toFixed(0)} ms, max ${value.delay.max.toFixed(0)} ms`,
  );
}
