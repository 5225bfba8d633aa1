/** `hub simulate`: people, touches and conversions whose true causes are known, to put a model to the test. */
import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { filesOf, type SimulatedFile } from '../../attribution/simulate/files.ts';
import { type Scenario, scenarioIds, scenarios } from '../../attribution/simulate/scenarios.ts';
import { simulate as simulateWorld } from '../../attribution/simulate/world.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import type { Cli } from '../command.ts';
import type { Invocation } from '../invocation.ts';
import { wholeNumber } from '../text/numbers.ts';

export const simulate: Cli = {
  options: {
    '--scenario <letter>':
      'A: touches add up; B: some channels chase intent; C: touches multiply; D: they need time, sate and tire; E: channels help each other, kinds of people differ',
    '--people <n>': 'how many people (default: 100000)',
    '--seed <n>': 'the same seed, the same files (default: 1)',
    '--out <dir>': 'where to write (default: here)',
  },
  run: async (invocation) => {
    const { options, signal } = invocation;
    const scenario = scenarioOf(options.scenario);
    const people = wholeNumber(options.people ?? '100000', '--people', 1);
    const seed = wholeNumber(options.seed ?? '1', '--seed', 0);
    const folder = String(options.out ?? '.');
    await writing(folder, () => makeFolder(resolve(folder)));
    const world = simulateWorld(scenario, people, seed);
    const files = await writeAll(folder, filesOf(world), signal);
    const conversions = world.observations.converted.reduce((sum, one) => sum + one, 0);
    invocation.print({ scenario: scenario.id, seed, people, conversions, files }, () => files.join('\n'));
    invocation.say(
      `Scenario ${scenario.id}: ${scenario.title}. ${people} people, ${conversions} conversions.`,
    );
    return exitCodes.done;
  },
};

function scenarioOf(given: Invocation['options'][string]): Scenario {
  const id = scenarioIds.find((one) => one === given);
  if (id) return scenarios[id];
  const remedy = `Give --scenario ${scenarioIds.join(' or ')}.`;
  throw new Problem(
    'usage',
    given === undefined ? 'No scenario is given.' : `There is no scenario "${given}".`,
    {
      remedy,
    },
  );
}

async function writeAll(
  folder: string,
  files: readonly SimulatedFile[],
  signal: AbortSignal,
): Promise<string[]> {
  for (const { name, lines } of files) {
    const file = join(folder, name);
    await writing(file, () =>
      pipeline(Readable.from(inBlocks(lines())), createWriteStream(file), { signal }),
    );
  }
  return files.map(({ name }) => join(folder, name));
}

/** Folder by folder: Node's own `recursive` never ends where a folder that is there takes no others (`/proc`). */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  try {
    await mkdir(folder);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!(await isFolder(folder))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

/** Throws a `Problem` with the path where the system refuses; anything else, as an interrupt, as it is. */
async function writing(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (!(cause instanceof Error && 'syscall' in cause)) throw cause;
    throw new Problem('usage', `It cannot be written: ${cause.message}.`, {
      where: path,
      remedy: 'Give --out with a folder that may be written.',
      cause,
    });
  }
}

const blockSize = 1 << 16;

/** Few long texts instead of many short ones. */
function* inBlocks(lines: Iterable<string>): Iterable<string> {
  let block = '';
  for (const line of lines) {
    block += line;
    if (block.length < blockSize) continue;
    yield block;
    block = '';
  }
  yield block;
}
