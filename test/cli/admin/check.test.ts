/** What `check` prints beside credentials and mappings: what an admin is to look at, and what to do about it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../hub.ts';
import { type Desk, openDesk } from './desk.ts';

let desk: Desk;
const shipped = readFileSync(join(root, 'mappings/salesforce.yaml'), 'utf8');

beforeAll(async () => {
  desk = await openDesk();
  for (const system of ['salesforce', 'hubspot'])
    expect((await desk.hub('provision', system, '--apply')).code).toBe(0);
});
afterAll(() => desk.close());

const check = async () => (await desk.say('check')).split('\n');

/** The lines on one connection, the first of which says how it is. */
function of(lines: readonly string[], connection: string): string[] {
  const start = lines.findIndex(
    (line) => line.startsWith(`${connection}: `) || line.startsWith(`${connection} (`),
  );
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('  '));
  return lines.slice(start, end < 0 ? lines.length : end);
}

describe('a disagreement', () => {
  /** A salesforce.yaml of the admin's own, with these defaults. */
  const withDefaults = (defaults: string[], more: Parameters<Desk['configure']>[0] = {}) => {
    const own = shipped.replace(/^defaults:$/m, ['defaults:', ...defaults].join('\n  '));
    expect(own).not.toBe(shipped);
    desk.home.write('own/salesforce.yaml', own);
    desk.configure({ mappings: join(desk.home.path, 'own'), ...more });
  };

  it('is none where all say the same', async () => {
    withDefaults(['country: US', 'currency: USD'], { defaultCountry: 'US', defaultCurrency: 'USD' });
    const { code, stdout } = await desk.hub('check');
    expect(code).toBe(0);
    expect(stdout).not.toContain('for amounts without a currency');
    expect(stdout).not.toContain('for phone numbers without a country');
  });

  it('of the account’s currency and the file’s is printed with which of them counts', async () => {
    withDefaults(['currency: EUR']);
    expect(of(await check(), 'salesforce').join('\n')).toMatch(
      / {2}to look at: .*salesforce\.yaml:\d+: The file says EUR for amounts without a currency, the account itself is in USD, and that counts\./,
    );
  });

  it('of the account’s currency and hub.yaml’s, and of the file’s country and hub.yaml’s, too', async () => {
    withDefaults(['country: US'], { defaultCurrency: 'CHF', defaultCountry: 'CH' });
    const text = of(await check(), 'salesforce').join('\n');
    expect(text).toMatch(
      /to look at: .*config\/hub\.yaml says CHF .*the account itself is in USD, and that counts/,
    );
    expect(text).toMatch(
      /to look at: .*The file says US for phone numbers without a country, config\/hub\.yaml says CH; the file counts\. Take one of the two out\./,
    );
  });
});

it('deals without people are counted, and those of accounts with too many by themselves, as status does', async () => {
  desk.configure({});
  const deal = (AccountId: string | null) =>
    desk.make('salesforce', 'Opportunity', {
      ...{ Name: 'Deal', StageName: 'Prospecting', Amount: 1_000, CloseDate: '2099-12-31', AccountId },
    });
  const [small = '', large = ''] = ['Small', 'Large'].map((Name) =>
    desk.make('salesforce', 'Account', { Name }),
  );
  const contact = (AccountId: string, n: number) =>
    desk.make('salesforce', 'Contact', { LastName: `N${n}`, Email: `p${n}@${AccountId}.example`, AccountId });
  contact(small, 0);
  for (let n = 0; n < 51; n += 1) contact(large, n);
  for (const account of [null, null, small, large]) deal(account);
  await desk.hub('sync');
  for (const command of ['check', 'status']) {
    const lines = (await desk.say(command)).split('\n');
    const at = lines.findIndex((line) => line.startsWith('No people are tied to 3 deals: '));
    expect(lines[at]).toContain('Give them contacts or contact roles, or an account with people.');
    expect(lines[at + 1]).toBe(
      '  The accounts of 1 of them have more than 50 people, too many for all of them to be meant: these need contacts or contact roles.',
    );
  }
  expect(await desk.json('check')).toMatchObject({ dealsWithoutPeople: 3, dealsOfLargeAccounts: 1 });
});

it('what is not read whole is named with what to do, and is named no more once it is', async () => {
  const { records } = desk.vendors.emulator('salesforce');
  records.act?.('hide', 'Task', '');
  records.act?.('hide', 'Contact', 'Phone');
  desk.make('salesforce', 'Contact', { LastName: 'Late', Email: 'late@x.example' });
  await desk.hub('sync', 'salesforce');
  for (const command of ['check', 'status']) {
    const lines = of((await desk.say(command)).split('\n'), 'salesforce');
    const before = command === 'check' ? 'not read whole: ' : '';
    const ofTasks = lines.filter((line) => line.startsWith(`  ${before}`) && line.includes('Task'));
    expect(ofTasks).toEqual([expect.stringMatching(/Task.*\(since \d{4}-\d\d-\d\d\)$/)]);
    const ofPhones = lines.filter((line) => line.startsWith(`  ${before}`) && line.includes('Phone'));
    expect(ofPhones).toEqual([expect.stringMatching(/Contact.*Phone/)]);
  }
  records.act?.('show', 'Task', '');
  records.act?.('show', 'Contact', 'Phone');
  // What was hidden is asked for again an hour later, or by whoever reads everything.
  await desk.hub('sync', 'salesforce', '--full');
  expect((await check()).filter((line) => line.includes('not read whole'))).toEqual([]);
});
