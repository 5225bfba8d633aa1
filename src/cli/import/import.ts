/** `hub import chat <file.ndjson>`: chat events from a file, a line each, and what follows from them. Interrupted, it goes on where it was. */
import { statSync } from 'node:fs';
import type { VendorRecord } from '../../connector/contract/reading.ts';
import { Fault } from '../../connector/fault.ts';
import type { LandedNews } from '../../store/contract/landing.ts';
import { didYouMean } from '../../support/nearest.ts';
import { Problem } from '../../support/problem.ts';
import type { Hub, System } from '../../sync/hub.ts';
import type { Cli } from '../command.ts';
import { isLeft, walkedText, walkOut } from '../commands/walk.ts';
import type { Invocation } from '../invocation.ts';
import { progressLine } from '../text/progress.ts';
import { verdict } from '../text/verdict.ts';
import { importBatch, type Line, readOn, restart } from './place.ts';
import { assertText } from './text.ts';

const batchSize = 1_000;

interface Counts {
  lines: number;
  /** Events that changed something: `added` and `replaced`. */
  changed: number;
  added: number;
  /** Events that stand where an earlier import left others of the same name. */
  replaced: number;
  unchanged: number;
  /** Lines that an interrupted import of the same file had taken already. */
  before: number;
  /** Lines that are wrong and were left out. */
  skipped: number;
}

export const importFile: Cli = {
  needsConfiguration: true,
  options: { '--skip-bad': 'leave out lines that are wrong, name each of them, and go on' },
  run: (invocation, [what = '', file = '']) =>
    invocation.withApp(async ({ hub }) => {
      const counts = await importLines(invocation, hub, target(hub, what), file);
      const walked = await walkOut(hub);
      const parked = (await hub.store.work.parked()).length;
      invocation.print({ ...counts, walked, parked }, () =>
        [countsText(counts), walkedText(walked, parked)].join('\n'),
      );
      const troubles = { signIn: walked.signIn.length > 0, failed: isLeft(walked) };
      return verdict({ ...troubles, parked: parked + counts.skipped });
    }),
};

function countsText({ lines, before, added, replaced, unchanged, skipped }: Counts): string {
  return [
    `${lines} lines${before > 0 ? ` (${before} of them before)` : ''}, ${added} events that were new`,
    ...(replaced > 0 ? [`${replaced} in place of what an earlier import left`] : []),
    ...(unchanged > 0 ? [`${unchanged} that changed nothing`] : []),
    ...(skipped > 0 ? [`${skipped} wrong lines left out`] : []),
  ].join(', ');
}

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

async function importLines(
  { signal, options, say }: Invocation,
  hub: Hub,
  system: System,
  file: string,
): Promise<Counts> {
  const size = sizeOf(file);
  const skips = options.skipBad === true;
  await assertText(file, skips);
  const progress = progressLine();
  const { lines: before, reader } = await readOn(hub, system.name, file);
  const counts: Counts = {
    lines: before,
    changed: 0,
    added: 0,
    replaced: 0,
    unchanged: 0,
    before,
    skipped: 0,
  };
  let batch: VendorRecord[] = [];
  const flush = async () => {
    count(counts, batch.length, await importBatch(hub, system.name, file, batch, reader));
    batch = [];
    progress.show(reader.bytes, size);
  };
  try {
    for await (const line of reader) {
      signal.throwIfAborted();
      counts.lines += 1;
      try {
        batch.push(...recordsOf(system, file, line));
      } catch (error) {
        if (!skips || !(error instanceof Problem)) throw error;
        counts.skipped += 1;
        progress.done();
        say(`${error.where}: ${error.message}`);
      }
      if (batch.length >= batchSize) await flush();
    }
    await flush();
  } finally {
    progress.done();
  }
  await restart(hub, system.name, file);
  return counts;
}

function count(counts: Counts, lines: number, { added, changed }: LandedNews): void {
  counts.added += added.length;
  counts.replaced += changed.length;
  counts.changed += added.length + changed.length;
  counts.unchanged += lines - added.length - changed.length;
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

function recordsOf(system: System, file: string, line: Line): VendorRecord[] {
  const text = line.text();
  if (text.trim() === '') return [];
  try {
    return system.connector.files?.parseLine(text) ?? [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const remedy =
      'Mend the line and import the file again; what is in already stays as it is. Or leave wrong lines out with --skip-bad.';
    const where = `${file}:${line.number}`;
    throw new Problem('failed', error.message.replace(/\.?$/, '.'), { where, remedy, cause: error });
  }
}
