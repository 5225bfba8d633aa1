/** `hub emulate <system>`: a stand-in of a vendor on loopback, for any client of its API. */

import { buildWorld } from '../../../emulators/world/build.ts';
import { emulatorOf } from '../../app/stand-ins.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import type { Cli } from '../command.ts';
import { stopped } from './stopped.ts';

export const emulate: Cli = {
  options: {
    '--port <n>': 'port (default: any free one)',
    '--seed <world>': 'demo or empty (default: demo)',
    '--deliver-to <url>': 'where webhooks go, signed (default: nowhere)',
  },
  run: async (invocation, [system = '']) => {
    const { port, seed = 'demo', deliverTo } = invocation.options;
    const definition = await emulatorOf(system);
    const emulator = await definition.start({ port: portOf(port), ...seedOf(seed) });
    if (typeof deliverTo === 'string') emulator.deliverTo?.(deliverTo);
    const { url, config } = emulator;
    invocation.print(
      { system, url, config },
      () => `${system} at ${url}\n${JSON.stringify(config, null, 2)}\nStop it with Ctrl-C.`,
    );
    await stopped(invocation.signal);
    await emulator.close();
    return exitCodes.done;
  },
};

/** Told up to this day, so that clients with a clock of their own find nothing in the future. */
function seedOf(seed: unknown) {
  if (seed === 'empty') return {};
  if (seed !== 'demo')
    throw new Problem('usage', `"${String(seed)}" is not a seed.`, { remedy: 'Use demo or empty.' });
  return { world: buildWorld({ now: new Date().setUTCHours(0, 0, 0, 0) }) };
}

function portOf(given: unknown): number {
  if (given === undefined) return 0;
  const port = Number(given);
  if (/^\d+$/.test(String(given)) && port <= 65_535) return port;
  throw new Problem('usage', `"${String(given)}" is not a port.`, {
    remedy: 'Give a number from 0 to 65535.',
  });
}
