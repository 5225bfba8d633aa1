/** `hub simulate`: people, touches and conversions whose true causes are known, to put a model to the test. */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { filesOf, type SimulatedFile } from '../attribution/simulate/files.ts';
import { type Scenario, scenarioIds, scenarios } from '../attribution/simulate/scenarios.ts';
import { simulate as simulateWorld } from '../attribution/simulate/world.ts';
import { exitCodes, Problem } from '../support/problem.ts';
import type { Cli } from './command.ts';
import type { Invocation } from './invocation.ts';
import { wholeNumber } from './numbers.ts';

export const simulate: Cli = {
  options: {
    '--scenario <letter>': 'A: touches add up; B: some channels chase intent; C: touches multiply',
    '--people <n>': 'how many people (default: 100000)',
    '--seed <n>': 'the same seed, the same files (default: 1)',
    '--out <dir>': 'where to write (default: here)',
  },
  run: async (invocation) => {
    const { options, signal } = invocation;
    const scenario = scenarioOf(options.scenario);
    const people = wholeNumber(options.people ?? '100000', '--people', 1);
    const seed = wholeNumber(options.seed ?? '1', '--seed', 0);
    const world = simulateWorld(scenario, people, seed);
    const files = await writeAll(String(options.out ?? '.'), filesOf(world), signal);
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
  await mkdir(folder, { recursive: true });
  for (const { name, lines } of files)
    await pipeline(Readable.from(inBlocks(lines())), createWriteStream(join(folder, name)), { signal });
  return files.map(({ name }) => join(folder, name));
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
