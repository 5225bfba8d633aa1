import { expect, it } from 'vitest';
import type { Entity } from '../../src/canonical/model.ts';
import type { ResolvedEntity } from '../../src/store/contract/entities.ts';
import { onEachDatabase } from './databases.ts';

function entity(
  id: string,
  members: string[],
  fields: Entity['fields'] = {},
  more: Partial<Entity> = {},
): Entity {
  return {
    id,
    kind: 'Person',
    fields,
    provenance: {},
    members: members.map((member) => `Person|sf|Lead|${member}`),
    withdrawn: false,
    ...more,
  };
}

function resolved(
  id: string,
  members: string[],
  fields: Entity['fields'] = {},
  keys = [`email:${id}@example.com`],
): ResolvedEntity {
  return { entity: entity(id, members, fields), keys };
}

onEachDatabase('entities', (databases) => {
  it('tells by keys what is known of entities, with what the hub adds', async () => {
    const { entities } = await databases.store();
    const ada = resolved('A', ['1'], { phone: '1', city: 'Ulm' }, ['email:a', 'phone:1']);
    await entities.replace([ada, resolved('B', ['2'], { phone: '2' }, ['email:b'])], [], 1);
    await entities.setDerived([{ id: 'A', fields: { city: 'Bern' } }]);
    const told = { phone: '1', city: 'Bern' };
    expect(await entities.fieldsByKey('Person', ['email:a', 'phone:1', 'email:none', 'email:b'])).toEqual(
      new Map<string, Entity['fields']>([
        ['email:a', told],
        ['phone:1', told],
        ['email:b', { phone: '2' }],
      ]),
    );
    expect(await entities.fieldsByKey('Deal', ['email:a'])).toEqual(new Map());
    expect(await entities.fieldsByKey('Person', [])).toEqual(new Map());
  });

  it('gives back what was put, and tells what changed', async () => {
    const { entities } = await databases.store();
    const provenance = { phone: { ref: 'sf|Lead|1', at: 5, exact: true, rule: 'latest change wins' } };
    const amount = { minor: 1_050, currency: 'USD' };
    const ada = {
      ...entity('A', ['1'], { phone: '1', amount, tags: ['x', 'y'], blank: null, optedOut: false }),
      provenance,
    };
    expect(await entities.replace([{ entity: ada, keys: [] }], [], 1)).toEqual(['A']);
    expect(await entities.get(['A', 'none'])).toEqual([ada]);
    const reordered = { ...ada, fields: Object.fromEntries(Object.entries(ada.fields).reverse()) };
    expect(await entities.replace([{ entity: reordered, keys: [] }], ['A'], 2)).toEqual([]);
    expect(await entities.replace([{ entity: { ...ada, provenance: {} }, keys: [] }], ['A'], 3)).toEqual([]);
    expect((await entities.get(['A']))[0]?.provenance).toEqual({});
    expect(await entities.replace([{ entity: { ...ada, withdrawn: true }, keys: [] }], ['A'], 4)).toEqual([
      'A',
    ]);
    expect(await entities.replace([resolved('A', ['1', '2'])], ['A'], 5)).toEqual(['A']);
  });

  it('finds by key, and lets keys move from one entity to another', async () => {
    const { entities } = await databases.store();
    await entities.replace(
      [resolved('A', ['1'], {}, ['email:a', 'phone:1']), resolved('B', ['2'], {}, ['email:b'])],
      [],
      1,
    );
    expect(await entities.byKey('Person', ['email:a', 'phone:1', 'email:none'])).toEqual({
      'email:a': 'A',
      'phone:1': 'A',
    });
    await entities.replace(
      [resolved('A', ['1'], {}, ['email:a']), resolved('B', ['2'], {}, ['email:b', 'phone:1'])],
      ['A', 'B'],
      2,
    );
    expect(await entities.byKey('Person', ['phone:1'])).toEqual({ 'phone:1': 'B' });
    expect(await entities.byKey('Deal', ['phone:1'])).toEqual({});
    await entities.replace([], ['B'], 3);
    expect(await entities.byKey('Person', ['phone:1', 'email:b', 'email:a'])).toEqual({ 'email:a': 'A' });
  });

  it('logs who was joined and who was split, and undoes a merge without a trace in the entities', async () => {
    const { entities } = await databases.store();
    await entities.replace([resolved('A', ['1']), resolved('B', ['2'])], [], 1);
    expect(await entities.replace([resolved('A', ['1', '2'])], ['A', 'B'], 2)).toEqual(['A', 'B']);
    expect(await entities.get(['B'])).toEqual([]);
    const joined = { at: 2, kind: 'Person', what: 'joined', from: ['A', 'B'], into: ['A'] };
    expect((await entities.merges(['B'])).get('B')).toEqual([joined]);
    expect(await entities.replace([resolved('A', ['1']), resolved('B', ['2'])], ['A'], 3)).toEqual([
      'A',
      'B',
    ]);
    expect((await entities.merges(['A'])).get('A')).toEqual([
      joined,
      { at: 3, kind: 'Person', what: 'split', from: ['A'], into: ['A', 'B'] },
    ]);
    expect(await entities.get(['A', 'B'])).toEqual([entity('A', ['1']), entity('B', ['2'])]);
  });

  it('logs a new name as a join of one, and an end without heirs', async () => {
    const { entities } = await databases.store();
    await entities.replace([resolved('A', ['1']), resolved('B', ['2'])], [], 1);
    expect((await entities.replace([resolved('C', ['1', '3'])], ['A', 'B'], 2)).sort()).toEqual([
      'A',
      'B',
      'C',
    ]);
    expect((await entities.merges(['A'])).get('A')).toEqual([
      { at: 2, kind: 'Person', what: 'joined', from: ['A'], into: ['C'] },
    ]);
    expect((await entities.merges(['B'])).get('B')).toEqual([
      { at: 2, kind: 'Person', what: 'split', from: ['B'], into: [] },
    ]);
  });

  it('walks and counts one kind', async () => {
    const { entities } = await databases.store();
    await entities.replace(
      ['C', 'A', 'B'].map((id) => resolved(id, [id])),
      [],
      1,
    );
    await entities.replace([{ entity: entity('D', [], {}, { kind: 'Deal' }), keys: [] }], [], 1);
    expect(await entities.count('Person')).toBe(3);
    expect((await entities.scan('Person', null, 2)).map(({ id }) => id)).toEqual(['A', 'B']);
    expect((await entities.scan('Person', 'B', 2)).map(({ id }) => id)).toEqual(['C']);
  });

  it('keeps what the hub computed while everything else changes', async () => {
    const { entities } = await databases.store();
    await entities.replace([resolved('A', ['1'], { name: 'Big' }), resolved('B', ['2'])], [], 1);
    const credit = { 'chatCredit.share': 0.4, 'chatCredit.amount': { minor: 1_840, currency: 'USD' } };
    expect(
      await entities.setDerived([
        { id: 'A', fields: credit },
        { id: 'none', fields: credit },
      ]),
    ).toEqual(['A']);
    expect(await entities.setDerived([{ id: 'A', fields: credit }])).toEqual([]);
    expect(await entities.replace([resolved('A', ['1'], { name: 'Bigger' })], ['A'], 2)).toEqual(['A']);
    expect((await entities.get(['A', 'B'])).map(({ fields }) => fields)).toEqual([
      { name: 'Bigger', ...credit },
      {},
    ]);
    expect(await entities.setDerived([{ id: 'A', fields: {} }])).toEqual(['A']);
    expect((await entities.get(['A']))[0]?.fields).toEqual({ name: 'Bigger' });
  });

  it('replaces the children of a parent, and ends them with it', async () => {
    const { entities } = await databases.store();
    const child = (id: string, share: number) => entity(id, [], { share }, { kind: 'ChatTouch' });
    await entities.replace([{ entity: entity('D', ['1'], {}, { kind: 'Deal' }), keys: [] }], [], 1);
    expect(
      await entities.replaceChildren('ChatTouch', [
        { parent: 'D', children: [child('t1', 0.5), child('t2', 0.5)] },
      ]),
    ).toEqual(['t1', 't2']);
    expect(
      await entities.replaceChildren('ChatTouch', [
        { parent: 'D', children: [child('t1', 0.5), child('t2', 0.5)] },
      ]),
    ).toEqual([]);
    expect(
      await entities.replaceChildren('ChatTouch', [
        { parent: 'D', children: [child('t1', 1), child('t3', 0)] },
      ]),
    ).toEqual(['t1', 't3', 't2']);
    expect(await entities.count('ChatTouch')).toBe(2);
    expect(await entities.replace([], ['D'], 2)).toEqual(['D', 't1', 't3']);
    expect(await entities.count('ChatTouch')).toBe(0);
  });
});
