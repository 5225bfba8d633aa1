/** A hub's store into one file and back, as an admin does it. */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hasPostgres, postgresSchema, whyNot } from '../sync/postgres.ts';
import { hub, hubJson, lasting, startHub } from './hub.ts';
import { startVendors, type Vendors } from './vendors.ts';

interface Status {
  readonly entities: { readonly Person: number };
}

const leftovers: (() => Promise<unknown> | unknown)[] = [];
let vendors: Vendors;
let home: ReturnType<typeof lasting>;
const HUB_KEY = Buffer.alloc(32, 7).toString('base64');

beforeEach(async () => {
  vendors = await startVendors('empty');
  home = lasting();
  for (const name of ['Ash', 'Oak'])
    vendors
      .emulator('salesforce')
      .records.create('Contact', { LastName: name, Email: `${name.toLowerCase()}@example.com` });
});
afterEach(async () => {
  for (const clear of leftovers.splice(0).reverse()) await clear();
  home.remove();
  await vendors.close();
});

const configure = (more: object = {}) => home.write('config/hub.yaml', vendors.config({ ...more }));
const people = async (given: { cwd: string; env?: Record<string, string> }) =>
  (await hubJson<Status>(['status'], given)).value.entities.Person;
const data = (name: string) => join(home.path, 'data', name);
const removeStore = () => {
  for (const name of ['hub.db', 'hub.db-wal', 'hub.db-shm']) rmSync(data(name), { force: true });
};

describe('backup and restore', () => {
  it('bring back all that was there, while the hub runs, and overwrite nothing', async () => {
    configure();
    const given = { cwd: home.path };
    await hub(['sync'], given);
    const { child, ended, said } = startHub(['serve'], given);
    await said('listens on');
    const { code, stdout } = await hub(['db', 'backup', 'kept/hub.db'], given);
    expect(code).toBe(0);
    expect(stdout).toContain('hub.key');
    expect(statSync(join(home.path, 'kept/hub.db')).mode & 0o777).toBe(0o600);
    expect((await hub(['db', 'backup', 'kept/hub.db'], given)).stderr).toContain('overwrites none');
    child.kill('SIGTERM');
    await ended;
    const refused = await hub(['db', 'restore', 'kept/hub.db'], given);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toContain('move hub.db');
    removeStore();
    expect((await hub(['db', 'restore', 'kept/hub.db'], given)).code).toBe(0);
    expect(statSync(data('hub.db')).mode & 0o777).toBe(0o600);
    expect(await people(given)).toBe(2);
  });

  it('refuse a backup that is not as it was written', async () => {
    configure();
    const given = { cwd: home.path };
    await hub(['sync'], given);
    await hub(['db', 'backup', 'kept.db'], given);
    removeStore();
    const file = join(home.path, 'kept.db');
    const bytes = readFileSync(file);
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const { code, stderr } = await hub(['db', 'restore', 'kept.db'], given);
    expect(code).toBe(3);
    expect(stderr).toContain('checksum differs');
    expect(existsSync(data('hub.db'))).toBe(false);
  });

  it.skipIf(!hasPostgres)(`do so for PostgreSQL, too${whyNot}`, async () => {
    const [from, to] = [await postgresSchema(), await postgresSchema()];
    leftovers.push(from.drop, to.drop);
    const given = { cwd: home.path, env: { HUB_KEY } };
    configure({ database: from.url });
    await hub(['sync'], given);
    expect((await hub(['db', 'backup', 'kept.db'], given)).code).toBe(0);
    configure({ database: to.url });
    expect((await hub(['db', 'restore', 'kept.db'], given)).code).toBe(0);
    expect(await people(given)).toBe(2);
    expect((await hub(['db', 'restore', 'kept.db'], given)).stderr).toContain('not empty');
  });
});
