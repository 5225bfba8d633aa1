/** Edited while the hub runs: what the admin saves counts, whoever else works on the store. */
import { cpSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hub, lasting, root, startHub } from './hub.ts';
import { startVendors, type Vendors } from './vendors.ts';

const patience = { timeout: 150_000, interval: 200 };

let vendors: Vendors;
let home: ReturnType<typeof lasting>;

beforeEach(async () => {
  vendors = await startVendors('empty');
  home = lasting();
  cpSync(join(root, 'mappings'), join(home.path, 'mappings'), { recursive: true });
  configure();
  vendors
    .emulator('salesforce')
    .records.create('Contact', { LastName: 'Ash', Email: 'ada@example.com', Title: 'Director' });
});
afterEach(async () => {
  home.remove();
  await vendors.close();
});

function configure(more: object = {}): void {
  home.write('config/hub.yaml', vendors.config({ log: 'info', mappings: 'mappings', ...more }));
}

function edit(folder: string, from: string, to: string): void {
  const file = join(home.path, folder, 'salesforce.yaml');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain(from);
  writeFileSync(file, text.replaceAll(from, to));
}

function title(): unknown {
  const database = new DatabaseSync(join(home.path, 'data', 'hub.db'), { readOnly: true });
  try {
    const row = database.prepare(`select fields from entity where kind = 'Person'`).get();
    return row === undefined ? undefined : JSON.parse(String(row.fields)).title;
  } finally {
    database.close();
  }
}

async function serving() {
  const process = startHub(['serve', '--json'], { cwd: home.path });
  await process.said('"url"');
  await expect.poll(title, patience).toBe('Director');
  return process;
}

describe('a mapping that is edited while the hub serves', () => {
  it('is taken up at once, and a sync beside it changes nothing of that', async () => {
    const { child, ended } = await serving();
    edit('mappings', 'field: Title, rule', 'field: Title, as: upper, rule');
    expect((await hub(['sync'], { cwd: home.path })).code).toBe(0);
    await expect.poll(title, patience).toBe('DIRECTOR');
    vendors
      .emulator('salesforce')
      .records.create('Contact', { LastName: 'Oak', Email: 'oak@example.com', Title: 'Head' });
    await hub(['sync'], { cwd: home.path });
    child.kill('SIGTERM');
    const { code, stderr } = await ended;
    expect(stderr).toContain('took up the edited configuration');
    expect(code).toBe(0);
    expect(title()).toBe('DIRECTOR');
  });

  it('is refused with file and line while it is wrong, and taken up once it is right', async () => {
    const { child, ended, said } = await serving();
    edit('mappings', 'field: Title, rule', 'field: Title, as: uper, rule');
    expect(await said('not taken up')).toMatch(/salesforce\.yaml:\d+: .*uper/);
    expect(title()).toBe('Director');
    edit('mappings', 'as: uper', 'as: upper');
    await expect.poll(title, patience).toBe('DIRECTOR');
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });

  it('is not replaced by the shipped one when it goes, and taken up when it comes back', async () => {
    edit('mappings', 'field: Title, rule', 'field: Title, as: lower, rule');
    const process = startHub(['serve', '--json'], { cwd: home.path });
    await process.said('"url"');
    await expect.poll(title, patience).toBe('director');
    const file = join(home.path, 'mappings', 'salesforce.yaml');
    renameSync(file, `${file}.away`);
    expect(await process.said('not taken up')).toMatch(
      /salesforce\.yaml: Your copy of this mapping has gone/,
    );
    expect(title()).toBe('director');
    renameSync(`${file}.away`, file);
    edit('mappings', 'as: lower', 'as: upper');
    await expect.poll(title, patience).toBe('DIRECTOR');
    process.child.kill('SIGTERM');
    expect((await process.ended).code).toBe(0);
  });

  it('in a folder of its own: the older one leaves the work to who has it, and says so', async () => {
    const { child, ended } = await serving();
    cpSync(join(home.path, 'mappings'), join(home.path, 'newer'), { recursive: true });
    edit('newer', 'field: Title, rule', 'field: Title, as: upper, rule');
    home.write('config/newer.yaml', vendors.config({ mappings: 'newer' }));
    const { code, stderr } = await hub(['sync', '--config', 'config/newer.yaml'], { cwd: home.path });
    expect(stderr).toContain('salesforce Contact: 1 to look at again (mapping)');
    expect(code).toBe(0);
    expect(title()).toBe('DIRECTOR');
    // Marked again by the vendor's change; the older one must not take it up.
    vendors
      .emulator('salesforce')
      .records.create('Contact', { LastName: 'Oak', Email: 'oak@example.com', Title: 'Head' });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(title()).toBe('DIRECTOR');
    child.kill('SIGTERM');
    const served = await ended;
    expect(served.stderr).toContain('works with a newer version of the mapping of salesforce Contact');
    expect(served.code).toBe(0);
  });
});

describe('`writes:` that are edited while the hub serves', () => {
  it.each([
    ['serve', '"url"'],
    ['work', '"working"'],
  ])('are taken up by %s, which says so and writes', async (command, ready) => {
    const writes = (on: 'on' | 'off') =>
      configure({ connections: { salesforce: { writes: on }, hubspot: { writes: 'off' } } });
    const { records } = vendors.emulator('salesforce');
    vendors
      .emulator('hubspot')
      .records.create('contacts', { email: 'ada@example.com', lastname: 'Ash', phone: '+12125550101' });
    writes('off');
    const phones = () => records.all('Contact').map(({ Phone }) => Phone);
    const { child, ended, said } = startHub([command, '--json'], { cwd: home.path });
    await said(ready);
    expect((await hub(['sync'], { cwd: home.path })).code).toBe(0);
    await expect.poll(title, patience).toBe('Director');
    expect(phones()).toEqual([null]);
    const heard = said('took up the edited configuration');
    writes('on');
    await heard;
    await expect.poll(phones, patience).toEqual(['+12125550101']);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
  });
});

describe('without a configuration', () => {
  it.each([['serve'], ['work']])('%s says what to do, and never becomes the demo', async (command) => {
    const bare = lasting();
    const { code, stderr } = await hub([command], { cwd: bare.path });
    bare.remove();
    expect(code).toBe(3);
    expect(stderr).toContain('hub -- init');
    expect(stderr).toContain('run demo');
  });
});
