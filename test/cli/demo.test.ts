/** `npm run demo`, as a process: its JSON, and what it serves when it stays up. What it prints for people: test/docs. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emulatorOf } from '../../src/app/stand-ins.ts';
import { directory, hubJson, oneValue, root, startHub } from './hub.ts';

interface Demo {
  readonly deals: readonly {
    readonly name: string;
    readonly credit: { readonly share: number | null };
    readonly readBack: readonly { readonly connection: string; readonly fields: Record<string, unknown> }[];
    readonly agrees: boolean;
  }[];
  readonly connections: Readonly<Record<string, Counts>>;
  readonly parked: readonly unknown[];
  readonly seconds: number;
}

interface Counts {
  readonly recordsIn: number;
  readonly recordsOut: number;
  readonly calls: { readonly read: number; readonly write: number };
  readonly leastCalls: { readonly read: number; readonly write: number };
}

const config = `
data: temporary
mappings: ${join(root, 'mappings')}
log: warn
server: { port: 0 }
connections:
  salesforce: { connector: salesforce, emulate: demo, writes: on }
  hubspot: { connector: hubspot, emulate: demo, writes: on }
  chatbot: { connector: chatbot, emulate: demo }
safety: { maxShare: 1, firstCreation: allow }
`;

describe('the demo', () => {
  it('prints one JSON object: what was computed, what was read back, the counts', async () => {
    const { code, value } = await hubJson<Demo>(['demo']);
    expect(code).toBe(0);
    expect(Object.keys(value.connections)).toEqual(['salesforce', 'hubspot', 'chatbot']);
    for (const { recordsIn, calls, leastCalls } of Object.values(value.connections)) {
      expect(recordsIn).toBeGreaterThan(100);
      expect(calls.read).toBeGreaterThanOrEqual(leastCalls.read);
      expect(calls.write).toBeGreaterThanOrEqual(leastCalls.write);
    }
    expect(value.connections.salesforce?.recordsOut).toBeGreaterThan(100);
    expect(value.deals.length).toBeGreaterThan(150);
    expect(value.parked).toEqual([]);
    expect(value.seconds).toBeGreaterThan(0);
    const shares = value.deals.flatMap(({ credit, readBack }) =>
      readBack
        .filter(({ connection }) => connection === 'salesforce')
        .map(({ fields }) => [(credit.share ?? 0) * 100, Number(fields.Chat_Credit_Share__c ?? 0)]),
    );
    expect(shares.length).toBeGreaterThan(50);
    for (const [computed, held] of shares) expect(held).toBeCloseTo(computed ?? 0, 1);
    expect(value.deals.every(({ agrees }) => agrees)).toBe(true);
  });

  it('with --keep serves, takes webhooks, and carries a change from one CRM to the other', async () => {
    const file = join(directory({ 'config/hub.yaml': config }), 'config/hub.yaml');
    const { child, ended, said } = startHub(['demo', '--keep', '--json', '-c', file]);
    const words = await said('chatbot stands in at');
    const urlOf = (system: string) => new RegExp(`${system} stands in at (\\S+)`).exec(words)?.[1] ?? '';
    const served = /listens on (\S+)\./.exec(words)?.[1] ?? '';
    const deals = await fetch(`${served}/api/deals?limit=5`).then(json<{ deals: object[] }>);
    expect(deals.deals).toHaveLength(5);

    const [salesforce, hubspot] = [
      await salesforceAt(urlOf('salesforce')),
      await hubspotAt(urlOf('hubspot')),
    ];
    const [inBoth] = (await hubspot.contacts()).filter(({ email }) => salesforce.emails.has(email));
    await hubspot.change(inBoth?.id ?? '', { phone: '+1 212 555 0142' });
    await expect
      .poll(() => salesforce.phoneOf(inBoth?.email ?? ''), { timeout: 120_000, interval: 200 })
      .toMatch(/555.?0142/);

    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(oneValue(stdout)).toHaveProperty('deals');
  });
});

function json<T>(answer: Response): Promise<T> {
  return answer.json() as Promise<T>;
}

/** The stand-ins' credentials are always the same. */
async function credentials(system: string): Promise<Record<string, string>> {
  const emulator = await (await emulatorOf(system)).start({});
  await emulator.close();
  return emulator.config as Record<string, string>;
}

async function salesforceAt(url: string) {
  const { clientId = '', clientSecret = '' } = await credentials('salesforce');
  const grant = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const { access_token } = await fetch(`${url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams(grant),
  }).then(json<{ access_token: string }>);
  const query = async (soql: string) => {
    const at = `${url}/services/data/v66.0/query?q=${encodeURIComponent(soql)}`;
    const answer = await fetch(at, { headers: { authorization: `Bearer ${access_token}` } });
    return (await json<{ records: { Email: string; Phone: string }[] }>(answer)).records;
  };
  const contacts = await query('SELECT Email FROM Contact WHERE Email != null');
  return {
    emails: new Set(contacts.map(({ Email }) => Email)),
    phoneOf: async (email: string) =>
      (await query(`SELECT Phone FROM Contact WHERE Email = '${email}'`))[0]?.Phone,
  };
}

async function hubspotAt(url: string) {
  const { accessToken = '' } = await credentials('hubspot');
  const headers = { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' };
  const contacts = `${url}/crm/v3/objects/contacts`;
  return {
    contacts: async () => {
      const answer = await fetch(`${contacts}?limit=100&properties=email`, { headers });
      const { results } = await json<{ results: { id: string; properties: { email: string } }[] }>(answer);
      return results.map(({ id, properties: { email } }) => ({ id, email }));
    },
    change: async (id: string, properties: object) => {
      const body = JSON.stringify({ properties });
      const { status } = await fetch(`${contacts}/${id}`, { method: 'PATCH', headers, body });
      expect(status).toBe(200);
    },
  };
}
