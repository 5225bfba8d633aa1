import { expect, it } from 'vitest';
import { provision } from '../../src/sync/push/provision.ts';
import { openTestHub } from './hub.ts';

/** A portal in which somebody made a property by hand, spelt a little differently from the mapping's. */
async function portalWithTwin() {
  const test = await openTestHub({ world: 'empty', systems: ['hubspot'], provision: [] });
  const system = test.hub.systems.get('hubspot');
  if (!system) throw new Error('no HubSpot');
  const twin = {
    object: 'deals',
    name: 'chat_credit_shares',
    label: 'Made by hand',
    type: 'number',
  } as const;
  await system.connector.fields?.provision(system.context, [twin], { apply: true });
  return { test, system };
}

it('does not create a field beside the one that was probably meant, and says which', async () => {
  const { test, system } = await portalWithTwin();
  const planned = await provision(system, { apply: false });
  const applied = await provision(system, { apply: true });
  const described = (await system.connector.fields?.describe(system.context, 'deals')) ?? [];
  await test.close();
  for (const steps of [planned, applied])
    expect(steps).toContainEqual({
      what: 'field',
      name: 'deals.chat_credit_share',
      status: 'missing',
      detail: expect.stringContaining('Did you mean "chat_credit_shares"'),
    });
  const names = described.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['chat_credit_amount', 'chat_credit_details', 'chat_list']));
  // Machinery in fields of its own is for who asks for it.
  expect(names.filter((name) => /_(model|window|low|high|n|version|computed|run)$/.test(name))).toEqual([]);
  expect(names).not.toContain('chat_credit_share');
});

it('creates it all the same when the admin insists, and fields for analysts when they are asked for', async () => {
  const { test, system } = await portalWithTwin();
  await provision(system, { apply: true, asWritten: true, details: true });
  const described = (await system.connector.fields?.describe(system.context, 'deals')) ?? [];
  await test.close();
  const names = described.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['chat_credit_share', 'chat_credit_model', 'chat_credit_n']));
});
