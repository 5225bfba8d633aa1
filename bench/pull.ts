/** Records per second from the Salesforce emulator into landing, against a bare jsforce loop that keeps nothing. */
import { measure, say } from './measure.ts';
import { onEmulator } from './on-emulator.ts';

interface Pass {
  readonly records: number;
  readonly seconds: number;
}

const rounds = 3;
const small = 100_000;
const large = 1_000_000;

export async function bench(): Promise<void> {
  await compare(small);
  const hub = await onEmulator('salesforce', contacts(large), (url) =>
    measure<Pass>('pull-worker.ts', ['hub', url]),
  );
  const light = await onEmulator('salesforce', contacts(small), (url) =>
    measure<Pass>('pull-worker.ts', ['hub', url]),
  );
  say(
    `${large} records: ${rate(hub.value)} records/s, peak ${hub.peakMb.toFixed(0)} MB ` +
      `(asked: under 300); ${(hub.peakMb / light.peakMb).toFixed(2)} times the peak of ${small} (asked: at most 1.2)`,
  );
}

async function compare(count: number): Promise<void> {
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const [bare, hub] = await onEmulator('salesforce', contacts(count), async (url) => [
      await measure<Pass>('pull-worker.ts', ['bare', url]),
      await measure<Pass>('pull-worker.ts', ['hub', url]),
    ]);
    if (!bare || !hub) continue;
    if (bare.value.records !== hub.value.records)
      throw new Error(`${bare.value.records} and ${hub.value.records} records were read`);
    ratios.push(hub.value.seconds / bare.value.seconds);
    say(
      `${count} records: bare loop ${rate(bare.value)} records/s, hub ${rate(hub.value)} records/s, ratio ${ratios.at(-1)?.toFixed(2)}`,
    );
  }
  say(
    `time of the hub ÷ time of the bare loop, median of ${rounds}: ${ratios.sort((a, b) => a - b)[Math.floor(rounds / 2)]?.toFixed(2)} (asked: at most 2.0, wanted 1.3)`,
  );
}

function rate({ records, seconds }: Pass): number {
  return Math.round(records / seconds);
}

function contacts(count: number): object {
  return { generate: { Contact: count }, dailyRequests: 10_000_000 };
}
