/** Who is who, by the command line: what `suggest` and `status` print, and an admin's word on it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/support/json.ts';
import { type Desk, openDesk } from './desk.ts';

let desk: Desk;
let anna: string;
let bert: string;
let customers: string[];
const at = Date.parse('2026-03-02T09:00:00Z');
const info = 'info@haus.example';

/** Two with one address, and five who share a user id that is nobody's. */
beforeAll(async () => {
  desk = await openDesk();
  const contact = (fields: JsonObject) => desk.make('salesforce', 'Contact', fields, at);
  anna = contact({ FirstName: 'Anna', LastName: 'Berg', Email: info, Phone: '+12125550100' });
  bert = contact({ FirstName: 'Bert', LastName: 'Kahn', Email: info, Phone: '+12125550177' });
  customers = ['Ames', 'Bohm', 'Cole', 'Dorn', 'Egan'].map((LastName, n) => {
    const Email = `${LastName.toLowerCase()}@x.example`;
    const said = { type: 'identified', sessionId: `s${n}`, visitorId: `v${n}`, userId: 'portal-1' };
    desk.make('chatbot', 'event', { ...said, email: Email }, at + 1_000);
    return contact({ FirstName: 'Given', LastName, Email });
  });
  expect((await desk.hub('sync')).code).toBe(0);
});
afterAll(() => desk.close());

const run = (...args: string[]) => desk.say(...args);
const suggested = () => desk.json<Suggested>('suggest');

interface Suggested {
  readonly doubts: readonly { readonly key: string; readonly pairs: readonly unknown[] }[];
}

/** The lines on one key, up to the next. */
function about(text: string, key: string): string[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`  Person ${key} (`));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('    '));
  return start < 0 ? [] : lines.slice(start, end);
}

describe('suggest', () => {
  it('prints the records, the evidence field by field as weights that add up, and what to type', async () => {
    const [head, pair, evidence, ...commands] = about(await run('suggest'), `email:${info}`);
    expect(head).toMatch(/\(2 hold it\): those who have it have names that contradict each other$/);
    for (const [name, id] of [
      ['Anna Berg', anna],
      ['Bert Kahn', bert],
    ])
      expect(pair).toContain(`${name} (salesforce Contact ${id}`);
    const [, parts = '', total = ''] = /^ +(.*): ([+-]\d+\.\d) together$/.exec(evidence ?? '') ?? [];
    const weights = parts.split(', ').map((part) => /^([+-]\d+\.\d) (\w+) (.+)$/.exec(part)?.slice(1) ?? []);
    expect(weights.map(([, field, level]) => `${field} ${level}`)).toEqual([
      'email the same',
      'name different',
      'phone different',
    ]);
    const sum = weights.reduce((added, [bits]) => added + Number(bits), 0);
    expect(Number(total)).toBeCloseTo(sum, 9);
    const two = [anna, bert].sort().join('|');
    expect(commands.map((line) => line.trim().split(' -- ')[1])).toEqual(
      ['same', 'different'].map((word) =>
        expect.stringMatching(new RegExp(`^${word} salesforce (${two}) salesforce (${two})$`)),
      ),
    );
  });

  it('prints of a key that too many share who they are, and what settles it', async () => {
    const lines = about(await run('suggest'), 'chatUser:chatbot:portal-1');
    expect(lines[0]).toContain('(5 hold it): more people share it than may share one of its kind');
    for (const id of customers) expect(lines.join('\n')).toContain(`salesforce Contact ${id}`);
    expect(lines.filter((line) => line.includes('together'))).toHaveLength(10);
    expect(lines.at(-1)).toContain('list "portal-1" under identity.placeholders of hub.yaml');
  });
});

it('status names the keys, the first who hold each, and how many more', async () => {
  const text = await run('status');
  expect(text).toContain('Ignored 2 ambiguous keys shared by several entities (other names 1, too many 1)');
  const line = text.split('\n').find((one) => one.startsWith('  Person chatUser:chatbot:portal-1: '));
  expect(line?.match(/salesforce Contact/g)).toHaveLength(3);
  expect(line).toMatch(/, and 2 more$/);
  expect(text).toMatch(new RegExp(`^  Person email:${info}: .*${anna}.*$`, 'm'));
});

describe('an admin’s word', () => {
  const pair = () => ['salesforce', anna, 'salesforce', bert];
  const names = () => `salesforce Contact ${anna} and salesforce Contact ${bert}`;
  const isOpen = async () => (await suggested()).doubts.some(({ key }) => key === `email:${info}`);
  const records = async () => {
    await run('sync', 'chatbot');
    const told = await desk.json<{ records: { paired: unknown[] }[] }>('record', 'salesforce', anna);
    return told.records[0]?.paired.length;
  };

  it('different: the two stay two, and nothing is asked any more', async () => {
    expect(await run('different', ...pair())).toContain(`${names()} are two from now on. `);
    expect([await records(), await isOpen()]).toEqual([0, false]);
    expect(await run('different', ...pair())).toContain(`Nothing changed: that had been said of ${names()}.`);
  });

  it('undecided: it is taken back, and asked again', async () => {
    expect(await run('undecided', ...pair())).toContain(`${names()} are left to the evidence again. `);
    expect([await records(), await isOpen()]).toEqual([0, true]);
  });

  it('same: the two are one, which the story of either tells; and that is taken back, too', async () => {
    expect(await run('same', ...pair())).toContain(`${names()} are one from now on. `);
    expect([await records(), await isOpen()]).toEqual([1, false]);
    expect(await run('record', 'salesforce', bert)).toContain(
      `salesforce Contact ${anna} by the word of an admin`,
    );
    await run('undecided', ...pair());
    expect([await records(), await isOpen()]).toEqual([0, true]);
  });

  it('is refused where a record is not known, or one word contradicts the others: exit code 2', async () => {
    const unknown = await desk.hub('same', 'salesforce', anna, 'hubspot', '9');
    expect([unknown.code, unknown.stderr]).toEqual([
      2,
      expect.stringContaining('No record "9" has come from hubspot.'),
    ]);
    const [first = '', second = '', third = ''] = customers;
    await run('same', 'salesforce', first, 'salesforce', second);
    await run('same', 'salesforce', second, 'salesforce', third);
    const { code, stderr } = await desk.hub('different', 'salesforce', first, 'salesforce', third);
    expect([code, stderr]).toEqual([2, expect.stringContaining('contradicts what was said before')]);
  });
});
