/** A hub from the first check to the last push, command by command, as an admin would go about it. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hub, hubJson, lasting, oneValue, startHub } from './hub.ts';
import { startVendors, type Vendors } from './vendors.ts';

let vendors: Vendors;
const home = lasting();
const given = { cwd: home.path };

beforeAll(async () => {
  vendors = await startVendors();
});
afterAll(async () => {
  await vendors.close();
  home.remove();
});

function configure(more: Parameters<Vendors['config']>[0] = {}): void {
  home.write('config/hub.yaml', vendors.config(more));
}

const on = { salesforce: { writes: 'on' }, hubspot: { writes: 'on' } };

/** Calls that change something. */
function writesAt(system: string): number {
  const routes = Object.entries(vendors.emulator(system).requests.byRoute());
  const writing = routes.filter(([route]) => /^(PATCH|PUT|DELETE)|batch\/(create|update|upsert)/.test(route));
  return writing.reduce((sum, [, count]) => sum + count, 0);
}

interface Plan {
  readonly summary: readonly { object: string; create: number; update: number; asksFirst: boolean }[];
  readonly plan: readonly {
    op: string;
    connection: string;
    object: string;
    writesOn: boolean;
    fields: Field[];
  }[];
  readonly undecided: readonly { field: string; chosen: string; candidates: { ref: string }[] }[];
}

interface Field {
  readonly field: string;
  readonly canonical: string | null;
  readonly because: { rule: string; text: string; from: { connection: string } | null };
}

interface Previewed {
  readonly canonical: string;
  readonly vendor: string;
  readonly raw: unknown;
}

interface Synced {
  readonly pulled: Record<string, { received: number; changed: number; fault: unknown }>;
  readonly walked: { written: number; waiting: number };
  readonly parked: number;
}

describe('an admin’s way', () => {
  it('check finds what is not provisioned yet: exit code 3, with file and line', async () => {
    configure();
    const { code, value } = await hubJson<{
      findings: { connection: string; account: string; mapping: string[] }[];
    }>(['check'], given);
    expect(code).toBe(3);
    expect(value.findings.map(({ connection }) => connection)).toEqual(['salesforce', 'hubspot', 'chatbot']);
    expect(value.findings[0]?.account).not.toBeNull();
    expect(value.findings[0]?.mapping.join('\n')).toMatch(
      /salesforce\.yaml:\d+: Opportunity lacks what the hub writes/,
    );
    const { stdout } = await hub(['check'], given);
    expect(stdout).toMatch(/^salesforce: signed in, but not in order, Emulated Org/m);
    expect(stdout).toMatch(/^chatbot: in order/m);
  });

  it('plan says that nothing has been read yet', async () => {
    const { stdout } = await hub(['plan'], given);
    expect(stdout).toContain('Not read to the end yet: salesforce, hubspot, chatbot.');
    expect(stdout).not.toContain('Nothing to write');
  });

  it('sync reads everything and writes nothing before writing is switched on', async () => {
    const { code, value } = await hubJson<Synced>(['sync'], given);
    expect(code).toBe(0);
    for (const { received, fault } of Object.values(value.pulled)) {
      expect(received).toBeGreaterThan(100);
      expect(fault).toBeNull();
    }
    expect(value.walked.written).toBe(0);
    for (const words of [['sync', 'chatbot'], ['push']])
      expect((await hub(words, given)).stdout).toContain('Writes are off for salesforce, hubspot');
    expect(writesAt('salesforce') + writesAt('hubspot')).toBe(0);
  });

  it('plan says field by field why, and which values nobody can put in order', async () => {
    const { code, value } = await hubJson<Plan>(['plan'], given);
    expect(code).toBe(0);
    const writes = value.plan.filter(({ op }) => op !== 'none');
    expect(writes.length).toBeGreaterThan(100);
    expect(writes.every((write) => !write.writesOn)).toBe(true);
    const fields = writes.flatMap((write) => write.fields);
    const credit = fields.filter(({ canonical }) => canonical?.startsWith('chatCredit.'));
    expect(credit.every(({ because }) => because.rule === 'computed by the hub')).toBe(true);
    const phones = fields.filter(({ canonical }) => canonical === 'phone');
    expect(phones.length).toBeGreaterThan(0);
    for (const { because } of phones) expect(because.text).toContain(because.from?.connection);
    const lead = writes.find(({ op, object }) => op === 'upsert' && object === 'Lead');
    expect(lead?.fields.map(({ field }) => field)).toEqual(
      expect.arrayContaining(['Hub_Id__c', 'Company', 'LastName']),
    );
    const leads = writes.filter(({ object }) => object === 'Lead');
    const summary = value.summary.find(({ object }) => object === 'Lead');
    expect(leads).toHaveLength((summary?.create ?? 0) + (summary?.update ?? 0));
    expect(value.undecided.length).toBeGreaterThan(0);
    for (const { chosen, candidates } of value.undecided) {
      expect(candidates[0]?.ref).toBe(chosen);
      expect(candidates.length).toBeGreaterThan(1);
    }
    expect(writesAt('salesforce') + writesAt('hubspot')).toBe(0);
  });

  it('status and suggest name likely pairs of deals and duplicates, and join none of them', async () => {
    const { value } = await hubJson<Suggested & { suggestions: Suggested; entities: { Deal: number } }>(
      ['status'],
      given,
    );
    const suggested = await hubJson<Suggested>(['suggest'], given);
    expect(suggested.value).toEqual(value.suggestions);
    expect(value.suggestions.pairs.length).toBeGreaterThan(0);
    for (const { deals } of value.suggestions.pairs)
      expect(deals[0]?.connections).not.toEqual(deals[1]?.connections);
    expect(value.suggestions.duplicates[0]?.records.length).toBeGreaterThan(1);
    expect(value.entities.Deal).toBeGreaterThan(150);
  });

  it('preview shows what becomes of one record', async () => {
    const [lead] = vendors.emulator('salesforce').records.all('Lead');
    const { code, value } = await hubJson<{ previews: { object: string; fields: Previewed[] }[] }>(
      ['preview', 'salesforce', String(lead?.Id)],
      given,
    );
    expect(code).toBe(0);
    expect(value.previews.map(({ object }) => object)).toEqual(['Lead']);
    const lastName = value.previews[0]?.fields.find(({ canonical }) => canonical === 'lastName');
    expect([lastName?.vendor, lastName?.raw]).toEqual(['LastName', lead?.LastName]);
    const { stdout } = await hub(['preview', 'salesforce', String(lead?.Id)], given);
    expect(stdout).toMatch(/createdAt: CreatedDate "[^"]+" -> \d{4}-\d\d-\d\dT[\d:.]+Z /);
  });

  it('provision plans first, makes what is missing when told to, and then finds it there', async () => {
    const statuses = async (args: readonly string[]): Promise<string[]> => {
      const { value } = await hubJson<{ steps: { status: string }[] }>(['provision', ...args], given);
      return [...new Set(value.steps.map(({ status }) => status))].sort();
    };
    expect(await statuses(['hubspot'])).toContain('missing');
    expect(await statuses(['hubspot', '--apply'])).toContain('created');
    expect(await statuses(['hubspot'])).toEqual(['exists']);
    expect(await statuses(['salesforce', '--apply'])).toContain('created');
    const checked = await hub(['check'], given);
    expect([checked.code, checked.stdout]).toEqual([
      0,
      expect.stringContaining('salesforce: in order, Emulated Org'),
    ]);
  });

  it('push holds back what would change too much: exit code 5, until it is allowed', async () => {
    configure({ connections: on, safety: { maxShare: 0.1, minRecords: 10 } });
    const held = await hubJson<Synced>(['sync'], given);
    expect(held.code).toBe(5);
    expect(held.value.parked).toBeGreaterThan(0);
    const parked = await hub(['parked'], given);
    expect(parked.code).toBe(5);
    expect(parked.stdout.match(/ASKS_FIRST/g)?.length).toBeLessThan(8);
    expect(parked.stdout).toMatch(
      /\d+ × ASKS_FIRST: This push would change about \d+ of \d+ Opportunity records/,
    );
    const pushed = await hubJson<{ written: number; allowed: number; parked: number }>(
      ['push', '--yes'],
      given,
    );
    expect(pushed.code).toBe(0);
    expect(pushed.value).toMatchObject({ allowed: held.value.parked, parked: 0 });
    expect(pushed.value.written).toBeGreaterThan(100);
    const again = await hubJson<Synced>(['sync'], given);
    expect(again.value.walked.written).toBe(0);
  });

  it('deal tells the credit and the reasons, by the id that the CRM shows', async () => {
    const deals = vendors.emulator('salesforce').records.all('Opportunity');
    const credited = deals.find((deal) => Number(deal.Chat_Credit_Share__c) > 0);
    const { code, value } = await hubJson<{ credit: { share: number }; touches: object[]; models: object[] }>(
      ['deal', String(credited?.Id)],
      given,
    );
    expect(code).toBe(0);
    expect(value.credit.share * 100).toBeCloseTo(Number(credited?.Chat_Credit_Share__c), 1);
    expect(value.touches.length).toBeGreaterThan(0);
    expect(value.models.length).toBeGreaterThan(5);
  });

  it('undo lists what was written, plans before it takes back, and holds what it took back', async () => {
    const { value } = await hubJson<{ runs: { run: string; written: number }[] }>(['undo'], given);
    const run = value.runs[0]?.run ?? '';
    const sent = writesAt('salesforce') + writesAt('hubspot');
    const plan = await hub(['undo', run], given);
    expect([plan.code, writesAt('salesforce') + writesAt('hubspot')]).toEqual([0, sent]);
    expect(plan.stdout).toMatch(/Chat_Credit_Share__c: [\d.]+ -> \(blank\)/);
    expect(plan.stdout).toMatch(/left as it is: salesforce Lead: the hub made this record/);
    const done = await hubJson<{ written: number; refused: object[]; by: string }>(
      ['undo', run, '--apply'],
      given,
    );
    expect([done.code, done.value.refused]).toEqual([0, []]);
    expect(done.value.written).toBeGreaterThan(100);
    const credited = vendors.emulator('salesforce').records.all('Opportunity');
    expect(credited.filter((deal) => Number(deal.Chat_Credit_Share__c) > 0)).toEqual([]);
    const held = await hub(['push'], given);
    expect(held.code).toBe(5);
    expect(held.stdout).toContain(`since run ${run} was undone`);
  });

  it('ids that nobody knows: exit code 2, and what to give instead', async () => {
    for (const args of [
      ['deal', 'nope'],
      ['preview', 'hubspot', 'nope'],
      ['plan', 'hubspt'],
      ['parked', 'retry', '--key', 'nope'],
      ['undo', 'nope'],
    ]) {
      const { code, stderr } = await hub(args, given);
      expect([args, code]).toEqual([args, 2]);
      expect(stderr).toMatch(/Give|Look|Did you mean|Use one of/);
    }
  });
});

interface Suggested {
  readonly pairs: readonly { deals: { connections: string[] }[] }[];
  readonly duplicates: readonly { records: string[] }[];
}

it('an import of chats says what it wrote to the CRMs, and how to take it back', async () => {
  configure({ data: 'chats', connections: on });
  expect((await hub(['sync'], given)).code).toBe(0);
  const emails = vendors
    .emulator('salesforce')
    .records.all('Contact')
    .flatMap(({ Email }) => Email ?? []);
  const lines = emails.slice(0, 40).flatMap((email, n) => {
    const told = { sessionId: `late${n}`, visitorId: `late${n}`, at: new Date().toISOString() };
    return [
      { ...told, id: `late${n}a`, type: 'session.started' },
      { ...told, id: `late${n}b`, type: 'identified', email },
      { ...told, id: `late${n}c`, type: 'intent', name: 'price' },
    ];
  });
  home.write('late.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'));
  const { stdout } = await hub(['import', 'chat', 'late.ndjson'], given);
  expect(stdout).toMatch(/^120 lines, 120 events that were new\n[1-9]\d* written, 0 refused, 0 parked\n/);
  const [, run = ''] = /hub -- undo (\S+)` shows how to take it back/.exec(stdout) ?? [];
  const { value } = await hubJson<{ runs: { run: string }[] }>(['undo'], given);
  expect(value.runs[0]?.run).toBe(run);
});

describe('when something is wrong', () => {
  it('a connection that is refused is named with the vendor’s words, and the others go on: exit code 4', async () => {
    configure({ connections: { hubspot: { config: { accessToken: 'pat-na1-revoked' } } } });
    const { code, value } = await hubJson<Synced>(['sync'], given);
    expect(code).toBe(4);
    expect(value.pulled.hubspot?.fault).toMatchObject({
      kind: 'unauthorized',
      message: expect.stringMatching(
        /HubSpot says: Authentication credentials not found.*put its present token/s,
      ),
    });
    expect(value.pulled.salesforce?.fault).toBeNull();
    const checked = await hub(['check'], given);
    expect(checked.code).toBe(4);
    expect(checked.stdout).toContain('hubspot: cannot sign in. HubSpot says');
    const refused = await hubJson<{ error: object }>(['provision', 'hubspot'], given);
    expect(refused.value.error).toMatchObject({
      kind: 'signIn',
      message: expect.stringContaining('HubSpot says'),
      where: 'hubspot',
      remedy: expect.stringMatching(/^Check the credentials of hubspot .*`hub check`\.$/),
    });
  });

  it('a wrong mapping: file, line, what is wrong and what would be right; exit code 3', async () => {
    const shipped = readFileSync('mappings/salesforce.yaml', 'utf8');
    home.write('mine/salesforce.yaml', shipped.replace('rule: push only', 'rule: push olny'));
    home.write(
      'mine/hubspot.yaml',
      readFileSync('mappings/hubspot.yaml', 'utf8').replace('entity: Deal', 'entity: Deel'),
    );
    home.write('mine/chatbot.yaml', readFileSync('mappings/chatbot.yaml', 'utf8'));
    configure({ mappings: 'mine' });
    const line = shipped.split('\n').findIndex((text) => text.includes('rule: push only')) + 1;
    const { code, stderr, stdout } = await hub(['status', '--json'], given);
    expect(code).toBe(3);
    expect(stderr).toMatch(
      new RegExp(`mine/salesforce\\.yaml:${line}: .*push olny.*Did you mean "push only"`),
    );
    expect(stderr).toMatch(/mine\/hubspot\.yaml:\d+: .*Did you mean "Deal"/);
    expect(JSON.parse(stdout)).toMatchObject({
      error: { kind: 'configuration', exitCode: 3, also: [{ kind: 'configuration' }] },
    });
  });

  it.each([
    ['connector', { connections: { hubspot: { connector: 'hubspt' } } }, 'Did you mean "hubspot"?'],
    [
      'setting of a connector',
      { connections: { hubspot: { config: { acessToken: 'x' } } } },
      'Did you mean "accessToken"?',
    ],
    [
      'object',
      { connections: { salesforce: { writes: { Oportunity: 'on' } } } },
      'Did you mean "Opportunity"?',
    ],
    ['model', { attribution: { creditModel: 'positions' } }, 'Did you mean "position"?'],
  ])('an unknown %s: exit code 3 and the nearest name, with its line', async (_, more, words) => {
    configure(more);
    const { code, stderr } = await hub(['status'], given);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^config\/hub\.yaml:\d+: /m);
    expect(stderr).toContain(words);
  });

  it('a vendor that does not answer: exit code 1', async () => {
    configure({ connections: { hubspot: { config: { baseUrl: 'http://127.0.0.1:9' } } } });
    const { code, value } = await hubJson<Synced>(['sync', 'hubspot'], given);
    expect(code).toBe(1);
    expect(value.pulled.hubspot?.fault).toMatchObject({ kind: 'unavailable' });
  });

  it('an address that is taken: exit code 1, and what to do', async () => {
    const url = new URL(vendors.emulator('chatbot').url);
    configure({ server: { port: Number(url.port) } });
    const { code, stderr } = await hub(['serve'], given);
    expect(code).toBe(1);
    expect(stderr).toContain(`cannot listen on 127.0.0.1:${url.port} (EADDRINUSE)`);
    expect(stderr).toContain('choose another server.port');
  });
});

describe('an interrupt', () => {
  it('in the middle of a sync: exit code 130, the store whole, and the next sync goes on', async () => {
    configure({ data: 'interrupted' });
    const { faults, requests } = vendors.emulator('salesforce');
    const before = requests.counted();
    faults.inject({ what: 'slow', times: 1_000, delayMs: 400, after: 2 });
    const { child, ended } = startHub(['sync', '--json'], given);
    await expect.poll(() => requests.counted() - before, { timeout: 120_000 }).toBeGreaterThan(3);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    faults.clear();
    expect(code).toBe(130);
    expect(stderr).toContain('Interrupted.');
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'interrupted' } });
    const file = new DatabaseSync(join(home.path, 'interrupted/hub.db'), { readOnly: true });
    expect(file.prepare('pragma integrity_check').all()).toEqual([{ integrity_check: 'ok' }]);
    file.close();
    const resumed = await hubJson<Synced>(['sync'], given);
    expect(resumed.code).toBe(0);
  });

  it.each([
    ['serve', 'SIGINT', 130],
    ['serve', 'SIGTERM', 0],
    ['work', 'SIGINT', 130],
    ['emulate', 'SIGINT', 130],
  ] as const)('ends `%s` in order on %s: exit code %i, one value on stdout', async (command, signal, expected) => {
    configure({ data: 'served' });
    const args = command === 'emulate' ? [command, 'chatbot'] : [command];
    const { child, ended, said } = startHub([...args, '--json'], given);
    await said('}\n');
    child.kill(signal);
    const { code, stdout } = await ended;
    expect(code).toBe(expected);
    expect(oneValue(stdout)).not.toHaveProperty('error');
  });

  it('in the middle of an import or of the demo: exit code 130', async () => {
    configure({ data: 'imported' });
    const event = (n: number) =>
      JSON.stringify({
        id: `ev_${n}`,
        type: 'session.started',
        sessionId: `s${n}`,
        at: '2026-01-01T00:00:00Z',
      });
    home.write('many.ndjson', Array.from({ length: 60_000 }, (_, n) => event(n)).join('\n'));
    const importing = startHub(['import', 'chat', 'many.ndjson', '--json', '--log', 'debug'], given);
    const taken = join(home.path, 'imported/hub.db');
    await expect
      .poll(() => statSync(taken, { throwIfNoEntry: false })?.size ?? 0, { timeout: 120_000 })
      .toBeGreaterThan(0);
    importing.child.kill('SIGINT');
    const stopped = await importing.ended;
    expect(stopped.code).toBe(130);
    expect(oneValue(stopped.stdout)).toMatchObject({ error: { kind: 'interrupted' } });
    const demo = startHub(['demo', '--json'], given);
    await demo.said('made');
    demo.child.kill('SIGINT');
    expect((await demo.ended).code).toBe(130);
    writeFileSync(join(home.path, 'config/hub.yaml'), '');
  });
});
