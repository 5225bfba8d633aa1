/** `hub record`, as it is printed: the whole story of one record. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Desk, openDesk } from './desk.ts';

let desk: Desk;
let contact: string;
let person: string;
let run: string;
const at = Date.now() - 10 * 86_400_000;

/** A contact in both CRMs, with a phone that Salesforce lacks; a chat by her; and one by somebody unknown. */
beforeAll(async () => {
  desk = await openDesk({ connections: { salesforce: { writes: 'on' } } });
  for (const system of ['salesforce', 'hubspot']) await desk.hub('provision', system, '--apply');
  contact = desk.make(
    'salesforce',
    'Contact',
    { FirstName: 'Ada', LastName: 'Winter', Email: 'Ada@A.example' },
    at,
  );
  person = desk.make(
    'hubspot',
    'contacts',
    { email: 'ada@a.example', lastname: 'Winter', phone: '+12125550100' },
    at,
  );
  const chat = (n: number, email: string) =>
    desk.make(
      'chatbot',
      'event',
      { type: 'identified', id: `e${n}`, sessionId: `s${n}`, visitorId: `v${n}`, email },
      at,
    );
  chat(1, 'ada@a.example');
  chat(2, 'eve@b.example');
  expect((await desk.hub('check')).code).toBe(0);
  expect((await desk.hub('sync')).code).toBe(0);
  run = (await desk.json<{ runs: { run: string }[] }>('undo')).runs.at(-1)?.run ?? '';
});
afterAll(() => desk.close());

const story = (system: string, given: string) => desk.hub('record', system, given);

describe('a record', () => {
  it('is found by 15 or 18 characters, by e-mail and by its address, with https:// or without', async () => {
    const { stdout } = await story('salesforce', contact);
    const page = /^salesforce Contact \w{18} {2}(https?:\/\/\S+)$/m.exec(stdout)?.[1] ?? '';
    const bare = page.replace(/^https?:\/\//, '');
    for (const given of [contact.slice(0, 15), ' ADA@a.example ', page, bare, ` ${bare}?tab=1 `])
      expect([given, (await story('salesforce', given)).stdout]).toEqual([given, stdout]);
    const lightning = `acme.lightning.force.com/lightning/r/Contact/${contact}/view`;
    for (const given of [`https://${lightning}`, lightning])
      expect([given, (await story('salesforce', given)).stdout]).toEqual([given, stdout]);
    const told = await story('hubspot', person);
    const [, site = ''] = /^hubspot contacts \d+ {2}https:\/\/(\S+)$/m.exec(told.stdout) ?? [];
    for (const given of [`https://${site}`, site, `contacts/${person}`])
      expect([given, (await story('hubspot', given)).stdout]).toEqual([given, told.stdout]);
  });

  it('that has not come is refused with what can be given: exit code 2', async () => {
    const { code, stderr } = await story('salesforce', '0035gA000000999');
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /No record "0035gA000000999" has come from salesforce\..*Give an id, an e-mail address/s,
    );
  });

  it('is told with what it stands for, whom it is paired with and by which key', async () => {
    const lines = (await story('salesforce', contact)).stdout.split('\n');
    expect(lines[0]).toMatch(new RegExp(`^salesforce Contact ${contact} {2}https?://`));
    expect(lines[1]).toMatch(/^ {2}created \d{4}-\d\d-\d\d \d\d:\d\d, changed \d{4}-\d\d-\d\d \d\d:\d\d$/);
    expect(lines[2]).toMatch(/^ {2}stands for Person Ada Winter \([0-9a-f]{32}\)$/);
    const paired = lines.slice(
      lines.indexOf('Paired with') + 1,
      lines.indexOf('Where it stands, or why not'),
    );
    expect(paired.sort()).toEqual([
      expect.stringMatching(/^ {2}chatbot event e1 by .*email ada@a\.example/),
      expect.stringMatching(
        new RegExp(`^  hubspot contacts ${person} by .*email ada@a\\.example.* {2}https://`),
      ),
    ]);
  });

  it('is told with where it stands, and why it was not created or written elsewhere', async () => {
    const places = (text: string) => {
      const lines = text.split('\n');
      const end = lines.findIndex((line) => /^(Writes|Nothing was written|Waits)/.test(line));
      return lines.slice(lines.indexOf('Where it stands, or why not') + 1, end);
    };
    expect(places((await story('salesforce', contact)).stdout)).toEqual(
      expect.arrayContaining([
        `  salesforce Contact: ${contact}; holds what it should`,
        '  salesforce Lead: none is needed: the Contact is there',
        expect.stringMatching(
          new RegExp(
            `^  hubspot contacts: ${person}; 1 field would be written, but writes are off for contacts$`,
          ),
        ),
      ]),
    );
    expect(places((await story('chatbot', 'e2')).stdout)).toEqual(
      expect.arrayContaining([
        '  hubspot contacts: would be created, but writes are off for contacts',
        '  salesforce Contact: none; the mapping never creates Contact records',
        expect.stringMatching(/^ {2}salesforce Lead: 00Q\w{15}; holds what it should$/),
      ]),
    );
  });

  it('is told with each write: before, after, reason and run', async () => {
    const text = (await story('salesforce', contact)).stdout;
    expect(text).toMatch(
      new RegExp(
        `^  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d update salesforce Contact ${contact}, run ${run}$`,
        'm',
      ),
    );
    expect(text).toMatch(
      /^ {4}Phone: \(blank\) -> "\+12125550100" {2}hubspot contacts \d+ says so, since .*\(two-way, prefer salesforce\)$/m,
    );
    const made = (await story('chatbot', 'e2')).stdout;
    expect(made).toMatch(new RegExp(`^  .* create salesforce Lead 00Q\\w{15}, run ${run}$`, 'm'));
    expect(made).toMatch(/^ {4}Email: \(blank\) -> "eve@b\.example" {2}\S/m);
    expect((await story('hubspot', person)).stdout).toContain(
      `update salesforce Contact ${contact}, run ${run}`,
    );
  });
});
