/** `hub emulate <system>`: a stand-in of a vendor on loopback, for any client of its API. */
import { emulatorOf } from '../app/standIns.ts';
import { buildWorld } from '../emulator/build.ts';
import { exitCodes, Problem } from '../support/problem.ts';
import type { Cli } from './command.ts';

export const emulate: Cli = {
  options: {
    '--port <n>': 'port (default: any free one)',
    '--seed <world>': 'demo or empty (default: demo)',
  },
  run: async (invocation, [system = '']) => {
    const seed = invocation.options.seed ?? 'demo';
    if (seed !== 'demo' && seed !== 'empty')
      throw new Problem('usage', `"${String(seed)}" is no seed.`, { remedy: 'Use demo or empty.' });
    const emulator = await (await emulatorOf(system)).start({
      port: portOf(invocation.options.port),
      ...(seed === 'demo' ? { world: buildWorld() } : {}),
    });
    invocation.print(
      { system, url: emulator.url, config: emulator.config },
      () => `${system} at ${emulator.url}\n${JSON.stringify(emulator.config, null, 2)}`,
    );
    await new Promise<void>((resolve) =>
      invocation.signal.addEventListener('abort', () => resolve(), { once: true }),
    );
    await emulator.close();
    return exitCodes.done;
  },
};

function portOf(given: unknown): number {
  if (given === undefined) return 0;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new Problem('usage', `"${String(given)}" is no port.`, { remedy: 'Give a number from 0 to 65535.' });
}
