/** `hub import chat <file.ndjson>`: chat events from a file, a line each, and what follows from them. Interrupted, it goes on where it was. */
import { statSync } from 'node:fs';
import type { VendorRecord } from '../connector/contract.ts';
import { Fault } from '../connector/fault.ts';
import { didYouMean } from '../support/nearest.ts';
import { Problem } from '../support/problem.ts';
import type { Hub, System } from '../sync/hub.ts';
import type { Cli } from './command.ts';
import { importBatch, readOn, restart } from './import-place.ts';
import type { Invocation } from './invocation.ts';
import { progressLine } from './progress.ts';
import { verdict } from './verdict.ts';
import { walkedText, walkOut } from './walk.ts';

const batchSize = 1_000;

interface Counts {
  lines: number;
  changed: number;
  /** Lines that an interrupted import of the same file had taken already. */
  before: number;
}

export const importFile: Cli = {
  run: (invocation, [what = '', file = '']) =>
    invocation.withApp(async ({ hub }) => {
      const counts = await importLines(invocation, hub, target(hub, what), file);
      const walked = await walkOut(hub);
      const parked = (await hub.store.work.parked()).length;
      const { lines, changed, before } = counts;
      invocation.print({ ...counts, walked, parked }, () => {
        const resumed = before > 0 ? ` (${before} of them before)` : '';
        const news = `${lines} lines${resumed}, ${changed} events that were new`;
        return [news, walkedText(walked, parked)].join('\n');
      });
      return verdict({ signIn: walked.signIn.length > 0, failed: walked.waiting > 0, parked });
    }),
};

/** `chat` stands for the chatbot's connection, whatever its name. */
function target(hub: Hub, what: string): System {
  const able = [...hub.systems.values()].filter(({ connector }) => connector.files);
  const system =
    able.find(({ name }) => name === what) ?? able.find(({ connector }) => connector.id.startsWith(what));
  if (system && what !== '') return system;
  const names = able.map(({ name }) => name);
  const remedy =
    able.length > 0
      ? didYouMean(what, ['chat', ...names])
      : 'Configure a chatbot connection, then: import chat <file>.';
  throw new Problem('usage', `There is nothing to import "${what}" with.`, { remedy });
}

async function importLines({ signal }: Invocation, hub: Hub, system: System, file: string): Promise<Counts> {
  const size = sizeOf(file);
  const progress = progressLine();
  const start = await readOn(hub, system.name, file);
  const counts = { lines: start.lines, changed: 0, before: start.lines };
  let batch: VendorRecord[] = [];
  const flush = async () => {
    counts.changed += await importBatch(hub, system.name, file, batch, start.reader);
    batch = [];
    progress.show(start.reader.bytes, size);
  };
  try {
    for await (const line of start.reader) {
      signal.throwIfAborted();
      counts.lines += 1;
      if (line.trim() !== '') batch.push(...parse(system, `${file}:${counts.lines}`, line));
      if (batch.length >= batchSize) await flush();
    }
    await flush();
  } finally {
    progress.done();
  }
  await restart(hub, system.name, file);
  return counts;
}

function sizeOf(file: string): number {
  try {
    const stats = statSync(file);
    if (stats.isFile()) return stats.size;
    throw new Error('it is no file');
  } catch (cause) {
    const remedy = 'Give the path of an NDJSON file.';
    throw new Problem('usage', 'The file cannot be read.', { where: file, remedy, cause });
  }
}

function parse(system: System, where: string, text: string): VendorRecord[] {
  try {
    return system.connector.files?.parseLine(text) ?? [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const remedy = 'Mend the line and import the file again; what is in already stays as it is.';
    throw new Problem('failed', error.message.replace(/\.?$/, '.'), { where, remedy, cause: error });
  }
}
