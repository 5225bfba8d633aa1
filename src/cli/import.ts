/** `hub import chat <file.ndjson>`: chat events from a file, a line each. */
import { createReadStream, statSync } from 'node:fs';
import type { VendorRecord } from '../connector/contract.ts';
import { Fault } from '../connector/fault.ts';
import { lines } from '../support/lines.ts';
import { exitCodes, Problem } from '../support/problem.ts';
import type { Hub, System } from '../sync/hub.ts';
import { land } from '../sync/pull.ts';
import { walk } from '../sync/road.ts';
import type { Cli } from './command.ts';
import type { Invocation } from './invocation.ts';

const batchSize = 1_000;

export const importFile: Cli = {
  run: (invocation, [what = '', file = '']) =>
    invocation.withApp(async ({ hub }) => {
      const system = target(hub, what);
      const counts = await importLines(invocation, hub, system, file);
      await walk(hub);
      invocation.print(counts, () => `${counts.lines} lines, ${counts.changed} events that were new`);
      return exitCodes.done;
    }),
};

/** `chat` stands for the chatbot's connection, whatever its name. */
function target(hub: Hub, what: string): System {
  const system =
    hub.systems.get(what) ??
    [...hub.systems.values()].find(({ connector }) => connector.files && connector.id.startsWith(what));
  if (system?.connector.files) return system;
  throw new Problem('usage', `There is nothing to import "${what}" with.`, {
    remedy: 'Configure a chatbot connection, then: import chat <file>.',
  });
}

async function importLines(
  invocation: Invocation,
  hub: Hub,
  system: System,
  file: string,
): Promise<{ lines: number; changed: number }> {
  const counts = { lines: 0, changed: 0 };
  const size = sizeOf(file);
  const stream = createReadStream(file);
  let batch: VendorRecord[] = [];
  const flush = async () => {
    counts.changed += (await land(hub, system.name, batch)).length;
    batch = [];
    if (process.stderr.isTTY)
      process.stderr.write(
        `\r${Math.floor((stream.bytesRead / Math.max(1, size)) * 100)} %, ${counts.lines} lines`,
      );
  };
  for await (const line of lines(stream)) {
    invocation.signal.throwIfAborted();
    counts.lines += 1;
    if (line.trim() !== '') batch.push(...parse(system, file, counts.lines, line));
    if (batch.length >= batchSize) await flush();
  }
  await flush();
  if (process.stderr.isTTY) process.stderr.write('\n');
  return counts;
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (cause) {
    throw new Problem('usage', 'The file cannot be read.', {
      where: file,
      remedy: 'Give the path of an NDJSON file.',
      cause,
    });
  }
}

function parse(system: System, file: string, line: number, text: string): VendorRecord[] {
  try {
    return system.connector.files?.parseLine(text) ?? [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new Problem('failed', error.message, {
      where: `${file}:${line}`,
      remedy: 'Mend the line and import the file again; what is in already stays as it is.',
      cause: error,
    });
  }
}
