import { expect, it } from 'vitest';
import type { Growth } from '../../src/canonical/growth.ts';
import type { Contribution } from '../../src/canonical/model.ts';
import { fingerprint } from '../../src/support/fingerprint.ts';
import { onEachDatabase } from './databases.ts';
import { contribution, key, nameOf, said, touch } from './facts.ts';

const shared = key('email', 'ada@a.example');
const browser = key('visitor', 'c:1');
const growth: Growth = {
  eldest: { createdAt: 1, name: nameOf('1') },
  number: 2,
  folded: [nameOf('2')],
  rules: 'r',
  alike: [{ likeness: 'l', partners: [] }],
};

function person(growing = true) {
  return {
    entity: {
      ...{ id: 'A', kind: 'Person' as const, fields: { email: 'ada@a.example' }, provenance: {} },
      ...{ members: [nameOf('1'), nameOf('2')], withdrawn: false },
    },
    keys: ['email:ada@a.example'],
    ...(growing ? { growth: { ...growth, keys: [{ likeness: 'l', key: 'visitor:c:1' }] } } : {}),
  };
}

function addition(one: Contribution) {
  const { fields, provenance } = person().entity;
  return {
    ...{ entityId: 'A', contributions: [one], fields: { ...fields, phone: '1' }, provenance },
    ...{ growth: { ...growth, number: 3 }, keys: [{ likeness: 'l', key: 'phone:1' }] },
  };
}

onEachDatabase('entities of many statements', (databases) => {
  it('are found for whoever is new and leads to no other, with what the keys have in common', async () => {
    const { facts, entities, identity } = await databases.store();
    const own = key('id', 'c:event:3');
    await facts.replace([
      said('1', { keys: [shared, browser] }),
      said('2', { keys: [shared, browser] }),
      said('3', { keys: [shared, browser, key('phone', '1'), own] }),
      said('4', { keys: [key('phone', '9')] }),
    ]);
    expect(await entities.newcomers([nameOf('3')])).toEqual([]);
    await entities.replace([person()], [], 1);
    const [found, ...others] = await entities.newcomers(['1', '2', '3', '4'].map((id) => nameOf(id)));
    expect(others).toEqual([]);
    expect(found).toEqual({
      contribution: contribution('3', { keys: [shared, browser, key('phone', '1'), own] }),
      ...{ entityId: 'A', fields: { email: 'ada@a.example' }, growth },
      shared: new Set(['email:ada@a.example', 'visitor:c:1']),
      likenesses: new Map([['visitor:c:1', new Set(['l'])]]),
    });
    expect(await entities.growing([nameOf('1'), nameOf('3')])).toEqual(new Map([[nameOf('1'), 'A']]));

    await identity.remember([{ one: nameOf('1'), other: nameOf('3'), key: 'email:x', at: 1 }]);
    expect(await entities.newcomers([nameOf('3')])).toEqual([]);
    await identity.forget([{ one: nameOf('1'), other: nameOf('3') }]);
    await facts.replace([said('5', { keys: [key('external', fingerprint(nameOf('3')))] })]);
    expect(await entities.newcomers([nameOf('3')])).toEqual([]);
  });

  it('are left alone by who leads to another entity, too', async () => {
    const { facts, entities } = await databases.store();
    await facts.replace([said('1', { keys: [shared] }), said('3', { keys: [shared, key('phone', '1')] })]);
    const other = { ...person().entity, id: 'B', members: [nameOf('9')] };
    await entities.replace([person(), { ...person(), entity: other, keys: ['phone:1'] }], [], 1);
    expect(await entities.newcomers([nameOf('3')])).toEqual([]);
  });

  it('take up one more, and are whole for whoever looks', async () => {
    const { facts, entities } = await databases.store();
    const keys = [shared, key('phone', '1')];
    const visit = { ...touch('t', 7, key('session', 'c:1')), fallbacks: ['phone:1', 'visitor:c:2'] };
    await facts.replace([{ ...said('3', { keys }), events: [visit] }]);
    const stranger = { ...person(false).entity, id: 'B', members: [nameOf('9')] };
    await entities.replace([person(), { entity: stranger, keys: ['visitor:c:2'] }], [], 1);
    await entities.setDerived([{ id: 'A', fields: { score: 1 } }]);
    expect(await entities.grow([addition(contribution('3', { keys }))])).toEqual([
      { entityId: 'A', since: 7, sharing: ['B'] },
    ]);
    const [grown] = await entities.get(['A']);
    expect(grown?.members).toEqual([nameOf('1'), nameOf('2'), nameOf('3')]);
    expect(grown?.fields).toEqual({ email: 'ada@a.example', phone: '1', score: 1 });
    expect(await entities.scan('Person', null, 1)).toEqual([grown]);
    expect(await entities.byKey('Person', ['phone:1'])).toEqual({ 'phone:1': 'A' });

    // Resolved as a whole, the same again is no news; without room to grow the lists are in the row again.
    const whole = {
      ...person().entity,
      members: grown?.members ?? [],
      fields: { email: 'ada@a.example', phone: '1' },
    };
    const all = ['email:ada@a.example', 'phone:1'];
    expect(await entities.replace([{ ...person(), entity: whole, keys: all }], ['A'], 2)).toEqual([]);
    expect(await entities.replace([{ entity: whole, keys: all }], ['A'], 3)).toEqual([]);
    expect(await entities.get(['A'])).toEqual([grown]);
    expect(await entities.growing([nameOf('1')])).toEqual(new Map());
    expect(await entities.replace([], ['A'], 4)).toEqual(['A']);
    expect(await entities.byKey('Person', all)).toEqual({});
  });
});
