/** An organization of many statements that grows by one more: its deals are credited again, as if all were resolved. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { SqlFacts } from '../../src/store/facts/facts.ts';
import { normalizeMarked } from '../../src/sync/normalize/normalize.ts';
import { pullSystem } from '../../src/sync/pull/pull.ts';
import { resolveMarked } from '../../src/sync/resolve/resolve.ts';
import { findDeal, found, mappingsWith, openTestHub } from './hub.ts';

const day = 86_400_000;
const chats = 25;
const sale = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2099-12-31' };

/** Visitors say for whom they work, by domain, and how many work there. */
const organization = `
    - entity: Organization
      immutable: true
      when: { type: identified }
      match:
        domain: worksAt
      fields:
        employees: { field: employees, rule: pull only if blank }
`;

it('marks the deals that take their people from it', async () => {
  const place = '\n    # One conversation per session';
  const mappings = mappingsWith('chatbot', place, `${organization}${place}`);
  onTestFinished(mappings.remove);
  const hub = await openTestHub({ systems: ['salesforce', 'chatbot'], mappings: mappings.path });
  onTestFinished(() => hub.close());
  const at = hub.hub.clock.now() - 60 * day;
  const { records } = hub.emulator('salesforce');
  const AccountId = records.create('Account', { Name: 'Acme', Website: 'https://acme.example' }, { at });
  records.create('Contact', { AccountId, LastName: 'Winter', Email: 'ada@acme.example' }, { at });
  const id = records.create('Opportunity', { ...sale, AccountId }, { at });
  const say = (number: number, more = {}) => {
    const who = { sessionId: `s${number}`, visitorId: `v${number}`, worksAt: 'acme.example' };
    const event = { type: 'identified', ...who, ...more };
    hub.emulator('chatbot').records.create('event', event, { at: at + number * 3_600_000 });
  };
  for (let number = 1; number <= chats; number += 1) say(number);
  await hub.quiet();

  say(chats + 1, { employees: 500 });
  await pullSystem(hub.hub, hub.system('chatbot'));
  while ((await normalizeMarked(hub.hub)) > 0);
  const resolved = vi.spyOn(SqlFacts.prototype, 'components');
  onTestFinished(() => resolved.mockRestore());
  while ((await resolveMarked(hub.hub)) > 0);
  const names = resolved.mock.calls.flatMap(([given]) => given);
  expect(names.filter((name) => name.startsWith('Organization|'))).toEqual([]);
  const { store } = hub.hub;
  const [grown] = await store.entities.scan('Organization', null, 9);
  expect(grown?.members).toHaveLength(chats + 2);
  expect(grown?.fields.employees).toBe(500);
  const deal = found(await findDeal(hub, 'Opportunity', id), 'deal');
  expect(await store.work.dirty('attribute', [deal.id])).toEqual(new Map([[deal.id, 'free']]));
});

it('is looked at for the deals of its people, whom a covariate asks how many work there', async () => {
  const hub = await openTestHub({ systems: ['salesforce'] });
  onTestFinished(() => hub.close());
  const { records } = hub.emulator('salesforce');
  const AccountId = records.create('Account', { Name: 'Acme', Website: 'https://acme.example' });
  const ContactId = records.create('Contact', { AccountId, LastName: 'Winter', Email: 'ada@acme.example' });
  const [own, others] = [records.create('Opportunity', sale), records.create('Opportunity', sale)];
  records.create('OpportunityContactRole', { OpportunityId: own, ContactId });
  await hub.quiet();
  records.update('Account', AccountId, { NumberOfEmployees: 500 });
  await pullSystem(hub.hub, hub.system('salesforce'));
  while ((await normalizeMarked(hub.hub)) > 0);
  while ((await resolveMarked(hub.hub)) > 0);
  const deals = await Promise.all([own, others].map((id) => findDeal(hub, 'Opportunity', id)));
  const [deal, other] = deals.map((one) => found(one, 'deal').id);
  expect(await hub.hub.store.work.dirty('attribute', [deal, other].map(String))).toEqual(
    new Map([[deal, 'free']]),
  );
});
