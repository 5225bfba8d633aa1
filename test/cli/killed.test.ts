/** A hub on PostgreSQL that is killed again and again: each start goes on where the last one stood. */
import { afterEach, describe, expect, it } from 'vitest';
import { hasPostgres, postgresSchema, whyNot } from '../sync/postgres.ts';
import { hubJson, lasting, startHub } from './hub.ts';
import { startVendors } from './vendors.ts';

const leftovers: (() => Promise<unknown> | unknown)[] = [];
afterEach(async () => {
  for (const clear of leftovers.splice(0).reverse()) await clear();
});

interface Status {
  readonly waiting: Readonly<Record<string, number>>;
  readonly entities: { readonly Person: number };
}

describe.skipIf(!hasPostgres)(`a hub that is killed every 4 seconds${whyNot}`, () => {
  it('makes progress all the same', { timeout: 240_000 }, async () => {
    const vendors = await startVendors();
    const home = lasting();
    const schema = await postgresSchema();
    leftovers.push(schema.drop, home.remove, () => vendors.close());
    const given = { cwd: home.path, env: { HUB_KEY: Buffer.alloc(32, 7).toString('base64') } };
    home.write('config/hub.yaml', vendors.config({ database: schema.url }));
    for (let life = 0; life < 3; life += 1) {
      const { child, ended } = startHub(['serve'], given);
      await new Promise((resolve) => setTimeout(resolve, 4_000));
      child.kill('SIGKILL');
      await ended;
    }
    const last = startHub(['serve'], given);
    await last.said('listens on');
    const waiting = async () => (await hubJson<Status>(['status'], given)).value;
    await expect
      .poll(waiting, { timeout: 200_000, interval: 500 })
      .toMatchObject({ waiting: { fetch: 0, normalize: 0, resolve: 0, attribute: 0 } });
    expect((await waiting()).entities.Person).toBeGreaterThan(50);
    last.child.kill('SIGTERM');
    expect((await last.ended).code).toBe(0);
  });
});
