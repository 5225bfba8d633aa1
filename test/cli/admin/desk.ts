/** An admin at the command line of a hub whose vendors are empty, in the test's own process: the same words, sooner. */
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { run } from '../../../src/cli/run.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { type Ended, lasting } from '../hub.ts';
import { type Overrides, startVendors } from '../vendors.ts';

export type Desk = Awaited<ReturnType<typeof openDesk>>;

/** `close` it in the end. */
export async function openDesk(more: Overrides = {}) {
  const vendors = await startVendors('empty');
  const home = lasting();
  const config = join(home.path, 'hub.yaml');
  const configure = (given: Overrides) =>
    home.write(
      'hub.yaml',
      vendors.config({ data: join(home.path, 'data'), log: 'silent', ...more, ...given }),
    );
  configure({});

  /** One command with its two streams and its exit code. */
  async function hub(...args: string[]): Promise<Ended> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const said = Promise.all([text(stdout), text(stderr)]);
    const code = await run([...args, '--config', config], { stdout, stderr });
    for (const stream of [stdout, stderr]) stream.end();
    const [out, err] = await said;
    return { code, stdout: out, stderr: err };
  }

  return {
    vendors,
    home,
    configure,
    hub,
    /** What it prints. */
    say: async (...args: string[]) => (await hub(...args)).stdout,
    json: async <T>(...args: string[]): Promise<T> => JSON.parse((await hub(...args, '--json')).stdout),
    make: (system: string, object: string, fields: JsonObject, at?: number) =>
      vendors.emulator(system).records.create(object, fields, at === undefined ? {} : { at }),
    close: async () => {
      await vendors.close();
      home.remove();
    },
  };
}
