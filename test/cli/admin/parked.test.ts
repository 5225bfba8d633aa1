/** What `parked` prints: grouped by cause, with samples by name and address; and what an admin does about it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../hub.ts';
import { type Desk, openDesk } from './desk.ts';

let desk: Desk;
const at = Date.now() - 86_400_000;
const tooLong = 'Head of '.repeat(20).trim();

function edited(system: string, from: string, to: string): void {
  const shipped = readFileSync(join(root, `mappings/${system}.yaml`), 'utf8');
  expect(shipped).toContain(from);
  desk.home.write(`own/${system}.yaml`, shipped.replace(from, to));
}

/** One cause seven times, two others once each in either CRM, and a chat event without a time. */
beforeAll(async () => {
  desk = await openDesk({ connections: { salesforce: { writes: 'on' }, hubspot: { writes: 'on' } } });
  for (const system of ['salesforce', 'hubspot']) await desk.hub('provision', system, '--apply');
  edited(
    'hubspot',
    '      status: hs_lead_status',
    '      source: { field: hs_lead_status, rule: push only }',
  );
  edited(
    'salesforce',
    '      street: MailingStreet',
    '      website: { field: CleanStatus, rule: push only }',
  );
  desk.configure({ mappings: join(desk.home.path, 'own') });
  for (let n = 0; n < 8; n += 1) {
    const email = `p${n}@x.example`;
    const odd = n < 7 ? { jobtitle: tooLong } : { website: 'https://odd.example' };
    desk.make('hubspot', 'contacts', { email, lastname: `Name${n}`, ...odd }, at);
    const LeadSource = n > 0 ? null : 'Web';
    desk.make('salesforce', 'Contact', { Email: email, LastName: `Name${n}`, LeadSource }, at);
  }
  desk.make('chatbot', 'event', {
    id: 'odd',
    type: 'message',
    sessionId: 's',
    visitorId: 'v',
    at: 'noon',
    from: 'visitor',
  });
  await desk.hub('check');
  await desk.hub('sync');
  await desk.hub('push');
});
afterAll(() => desk.close());

/** The lines of one cause: its head, and who waits for it. */
function cause(text: string, code: string): string[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^ {2}\S/.test(line) && line.includes(code));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('    '));
  return start < 0 ? [] : lines.slice(start, end < 0 ? lines.length : end);
}

interface Parked {
  readonly parked: readonly {
    readonly key: string;
    readonly reason: { readonly code: string; readonly field?: string };
  }[];
}

describe('parked', () => {
  it('tells each cause once, with how many wait for it and the first of them by name and address: exit code 5', async () => {
    const { code, stdout } = await desk.hub('parked');
    expect(code).toBe(5);
    expect(stdout).toMatch(/^10 parked\n/);
    const [head, ...samples] = cause(stdout, 'VALUE_TOO_LONG');
    expect(head).toMatch(
      /^ {2}7 × VALUE_TOO_LONG \(Title\): Contact\.Title takes 128 characters, and the value has 159 \(.*salesforce\.yaml:\d+\)\.$/,
    );
    expect(samples).toHaveLength(6);
    expect(samples[0]).toMatch(
      /^ {4}Name\d {2}salesforce\|\S+ {2}salesforce Contact 003\w{15} {2}https?:\/\/\S+$/,
    );
    expect(samples.at(-1)).toBe('    … and 2 more; --json lists all');
    const ofChats = cause(stdout, 'CANNOT_BE_READ');
    expect(ofChats[0]).toContain('events[0].at: expected an ISO 8601 time with zone');
    expect(ofChats[1]).toMatch(/^ {4}chatbot\|\S+/);
  });

  it('tells what is no option of a field, in either CRM, by its name and with the line of the mapping', async () => {
    const text = await desk.say('parked');
    const heads = text.split('\n').filter((line) => line.includes('VALUE_IS_NO_OPTION'));
    expect(heads.sort()).toEqual([
      expect.stringMatching(
        /^ {2}VALUE_IS_NO_OPTION \(CleanStatus\): Contact\.CleanStatus has no option "https:\/\/odd\.example" \(.*salesforce\.yaml:\d+\)\.$/,
      ),
      expect.stringMatching(
        /^ {2}VALUE_IS_NO_OPTION \(hs_lead_status\): contacts\.hs_lead_status has no option "Web" \(.*hubspot\.yaml:\d+\)\.$/,
      ),
    ]);
  });

  it('shows one by its key, with all that was kept of it', async () => {
    const { parked } = await desk.json<Parked>('parked');
    const key = parked.find(({ reason }) => reason.code === 'CANNOT_BE_READ')?.key ?? '';
    const { code, stdout } = await desk.hub('parked', 'show', '--key', key);
    expect(code).toBe(5);
    expect(stdout).toContain('"at":"noon"');
    expect(stdout).toContain('by a pull of event');
    expect((await desk.hub('parked', 'drop', '--key', key)).stdout).toBe('1 given up\n');
    expect((await desk.json<Parked>('parked')).parked.map((one) => one.key)).not.toContain(key);
  });
});

it('a value that was mended goes by itself, and what was retried in vain waits again', async () => {
  const people = desk.vendors.emulator('hubspot').records;
  for (const { id, email } of people.all('contacts').filter((one) => !/^p[17]@/.test(String(one.email))))
    people.update('contacts', String(id), { jobtitle: `Head of ${email}` });
  await desk.hub('sync');
  const codes = async () =>
    (await desk.json<Parked>('parked')).parked.map(({ reason }) => reason.code).sort();
  const left = ['VALUE_IS_NO_OPTION', 'VALUE_IS_NO_OPTION', 'VALUE_TOO_LONG'];
  expect(await codes()).toEqual(left);
  const titles = desk.vendors
    .emulator('salesforce')
    .records.all('Contact')
    .map(({ Title }) => Title);
  expect(titles.filter((title) => String(title).startsWith('Head of p'))).toHaveLength(6);
  expect((await desk.hub('parked', 'retry')).stdout).toMatch(/^3 back to work: run `npm run hub -- push`/);
  await desk.hub('push');
  expect(await codes()).toEqual(left);
});
