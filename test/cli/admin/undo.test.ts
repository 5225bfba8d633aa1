/** `undo --delete`: what a run made is deleted where nobody has touched it since, and the plan comes first. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Desk, openDesk } from './desk.ts';

let desk: Desk;
let run: string;
const names = ['Ames', 'Bohm', 'Cole'];

/** Three chat leads, made in Salesforce by one run; somebody works on the second. */
beforeAll(async () => {
  desk = await openDesk({ connections: { salesforce: { writes: 'on' } } });
  await desk.hub('provision', 'salesforce', '--apply');
  for (const [n, name] of names.entries()) {
    const said = {
      type: 'identified',
      id: `e${n}`,
      sessionId: `s${n}`,
      visitorId: `v${n}`,
      name: `Given ${name}`,
    };
    desk.make(
      'chatbot',
      'event',
      { ...said, email: `${name.toLowerCase()}@x.example` },
      Date.now() - 86_400_000,
    );
  }
  await desk.hub('sync');
  run = (await desk.json<{ runs: { run: string }[] }>('undo')).runs[0]?.run ?? '';
});
afterAll(() => desk.close());

const leads = () => desk.vendors.emulator('salesforce').records;
const there = () =>
  leads()
    .all('Lead')
    .map(({ LastName }) => LastName)
    .sort();
const idOf = (name: string) =>
  String(
    leads()
      .all('Lead')
      .find(({ LastName }) => LastName === name)?.Id,
  );

it('undo alone leaves records that a run made, and says how they could go', async () => {
  expect(there()).toEqual(names);
  const { stdout } = await desk.hub('undo', run);
  expect(stdout).not.toMatch(/^ {2}delete salesforce Lead/m);
  expect(stdout).toMatch(/left as it is: salesforce Lead: .*--delete/);
});

it('--delete says what would be deleted, and what was touched since, before it does anything', async () => {
  const touched = idOf('Bohm');
  leads().update('Lead', touched, { Title: 'Buyer' });
  await desk.hub('sync', 'salesforce');
  const { code, stdout } = await desk.hub('undo', run, '--delete');
  expect(code).toBe(0);
  for (const name of ['Ames', 'Cole'])
    expect(stdout).toMatch(new RegExp(`^  delete salesforce Lead ${idOf(name)}$`, 'm'));
  expect(stdout).not.toContain(`delete salesforce Lead ${touched}`);
  expect(stdout).toMatch(new RegExp(`^  left as it is: salesforce Lead: .*\\(${touched}\\)$`, 'm'));
  expect(stdout).toContain('With --apply this is written, and nothing else is written to these objects');
  expect(there()).toEqual(names);
});

it('--delete --apply deletes what nobody touched, even where somebody did since the plan, and makes nothing anew', async () => {
  const late = idOf('Cole');
  leads().update('Lead', late, { Title: 'Head' });
  const { code, stdout } = await desk.hub('undo', run, '--delete', '--apply');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^1 taken back, 0 refused \(run \S+\)$/m);
  expect(stdout).toContain('The hub does not make a record again that was deleted.');
  expect(stdout).toMatch(new RegExp(`left as it is: salesforce Lead: .*${late}`));
  expect(there()).toEqual(['Bohm', 'Cole']);
  await desk.hub('sync');
  await desk.hub('push', '--yes');
  expect(there()).toEqual(['Bohm', 'Cole']);
});
