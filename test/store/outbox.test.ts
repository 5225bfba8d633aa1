import { expect, it } from 'vitest';
import { type Computation, type CreditLine, creditGroups } from '../../src/store/contract/credits.ts';
import type { FieldMemory, WriteRecord } from '../../src/store/contract/outbox.ts';
import { byModel } from './credit-lines.ts';
import { onEachDatabase, start } from './databases.ts';

const write: WriteRecord = {
  id: 'w1',
  run: 'r1',
  connection: 'sf',
  object: 'Opportunity',
  entityId: 'D',
  recordId: null,
  op: 'upsert',
  fields: { Chat_Credit__c: 0.4, Reason__c: null },
  replaced: { Chat_Credit__c: null },
  status: 'intended',
  at: start,
  reasons: { Chat_Credit__c: { from: null, rule: 'computed by the hub', since: null } },
};

const memory: FieldMemory = {
  ref: 'sf|Opportunity|006',
  field: 'Phone',
  path: 'Phone',
  canonical: 'phone',
  sent: '+47 1',
  value: '+471',
  valueAt: start,
  valueExact: true,
  basis: start,
  repeats: 0,
  status: 'intended',
};

onEachDatabase('outbox', (databases) => {
  it('keeps an intent before it is sent, and its outcome after', async () => {
    const { outbox } = await databases.store();
    const { reasons: _, ...unexplained } = write;
    const second = { ...unexplained, id: 'w2', at: start + 1, recordId: '006', op: 'update' as const };
    await outbox.intend([write, second], [memory]);
    expect(await outbox.writes({ run: 'r1' }, 9)).toEqual([second, write]);
    await outbox.settle([
      { id: 'w1', status: 'written', recordId: '007', at: start + 5 },
      { id: 'w2', status: 'failed', fault: 'FIELD_CUSTOM_VALIDATION_EXCEPTION: no', at: start + 6 },
    ]);
    expect(await outbox.writes({ entityId: 'D' }, 9)).toEqual([
      { ...second, status: 'failed', fault: 'FIELD_CUSTOM_VALIDATION_EXCEPTION: no', at: start + 6 },
      { ...write, status: 'written', recordId: '007', at: start + 5 },
    ]);
    expect(await outbox.writes({ connection: 'sf' }, 1)).toHaveLength(1);
    expect(await outbox.writes({ connection: 'hs' }, 9)).toEqual([]);
    expect([await outbox.hasCreated('sf', 'Opportunity'), await outbox.hasCreated('sf', 'Lead')]).toEqual([
      true,
      false,
    ]);
  });

  it('says for whom writes left often since a time', async () => {
    const { outbox } = await databases.store();
    const at = [0, 10, 20].map((ms) => ({ ...write, id: `d${ms}`, at: start + ms }));
    const others = [
      { ...write, id: 'e1', entityId: 'E', at: start + 10 },
      { ...write, id: 'e2', entityId: 'E', connection: 'hs', at: start + 10 },
      { ...write, id: 'f1', entityId: 'F', at: start + 10 },
      { ...write, id: 'f2', entityId: 'F', at: start + 10 },
    ];
    await outbox.intend([...at, ...others], []);
    expect(await outbox.writtenOften('sf', ['D', 'E', 'none'], start + 10, 2)).toEqual(['D']);
    expect(await outbox.writtenOften('sf', ['D', 'E', 'F'], start + 10, 1)).toEqual(['D', 'E', 'F']);
    expect(await outbox.writtenOften('sf', ['D', 'E', 'F'], start + 11, 2)).toEqual([]);
    expect(await outbox.writtenOften('sf', [], start, 1)).toEqual([]);
  });

  it('gives up for good what was written of some entities and their children, field by field', async () => {
    const { outbox, entities } = await databases.store();
    const child = {
      id: 'C',
      kind: 'ChatTouch' as const,
      fields: {},
      provenance: {},
      members: [],
      withdrawn: false,
    };
    await entities.replaceChildren('ChatTouch', [{ parent: 'D', children: [child] }]);
    const told = { fields: { Name: 'Ann', Share__c: 4 }, replaced: { Name: 'Bo' }, reasons: {} };
    const of = (id: string, more: Partial<WriteRecord>): WriteRecord => ({ ...write, ...told, id, ...more });
    const writes = [
      of('w1', { entityId: 'D', recordId: '006' }),
      of('w2', { entityId: 'C', object: 'Touch' }),
      of('w3', { entityId: 'D', object: 'Lead' }),
      of('w4', { entityId: 'E' }),
    ];
    const known = { ...memory, ref: 'sf|Opportunity|006', field: 'Name' };
    await outbox.intend(writes, [known, { ...known, field: 'Share__c' }]);
    const places = ['Opportunity', 'Touch'].map((object) => ({ connection: 'sf', object, field: 'Name' }));
    await outbox.redact(['D'], places);
    const left = (await outbox.writes({}, 9)).map(({ id, fields, replaced }) => [
      id,
      { ...fields, replaced },
    ]);
    const redacted = { Share__c: 4, replaced: {} };
    const whole = { Name: 'Ann', Share__c: 4, replaced: { Name: 'Bo' } };
    expect(Object.fromEntries(left)).toEqual({ w1: redacted, w2: redacted, w3: whole, w4: whole });
    expect((await outbox.memories([known.ref])).map(({ field }) => field)).toEqual(['Share__c']);
    // The write that takes the name out of the CRM replaces it, and must not keep it.
    const next = [of('w5', { fields: { Name: null } }), of('w6', { entityId: 'E' })];
    await outbox.intend(next, []);
    const later = Object.fromEntries((await outbox.writes({}, 9)).map(({ id, replaced }) => [id, replaced]));
    expect(later).toMatchObject({ w5: {}, w6: { Name: 'Bo' } });
    expect(later.w5).toEqual({});
  });

  it('remembers what was sent and what the vendor made of it, until told to forget', async () => {
    const { outbox } = await databases.store();
    await outbox.intend([], [memory, { ...memory, field: 'Name', answer: null }]);
    // Of the same field twice the last counts.
    await outbox.remember([memory, { ...memory, answer: '+47 1 ', repeats: 2, valueExact: false }]);
    expect(await outbox.memories([memory.ref, 'none'])).toEqual([
      { ...memory, field: 'Name', answer: null },
      { ...memory, answer: '+47 1 ', repeats: 2, valueExact: false },
    ]);
    await outbox.forget([memory]);
    expect((await outbox.memories([memory.ref])).map(({ field }) => field)).toEqual(['Name']);
    await outbox.forgetAll([memory.ref]);
    expect(await outbox.memories([memory.ref])).toEqual([]);
  });

  it('lists what it remembers anything of, under a prefix, page by page', async () => {
    const { outbox } = await databases.store();
    const refs = ['sf|Row|external:a', 'sf|Row|external:b', 'sf|Row|1', 'sf|Rows|external:c'];
    const fields = ['Name', 'Share'];
    await outbox.remember(refs.flatMap((ref) => fields.map((field) => ({ ...memory, ref, field }))));
    expect(await outbox.remembered('sf|Row|external:', null, 9)).toEqual(refs.slice(0, 2));
    expect(await outbox.remembered('sf|Row|external:', null, 1)).toEqual(refs.slice(0, 1));
    expect(await outbox.remembered('sf|Row|external:', refs[0] ?? '', 9)).toEqual(refs.slice(1, 2));
  });
});

const line: CreditLine = {
  dealId: 'D',
  model: 'linear',
  touch: 't1',
  channel: 'Chat',
  time: start,
  share: 1 / 3,
  amountMinor: 1_840_000_000_000,
  currency: 'USD',
  reason: 'one of three touches',
  version: 'rule',
};

function computed(
  dealId: string,
  lines: readonly CreditLine[],
  more: Partial<Computation> = {},
): Computation {
  const facts = { hash: `facts of ${dealId}`, body: '{"touches":[]}' };
  return {
    ...{ dealId, at: start, endedAt: start - 5, toldAt: null, rules: 'r1', written: 'w' },
    ...{ facts, models: byModel(lines), ...more },
  };
}

onEachDatabase('credits', (databases) => {
  it('replaces all lines of the named deals and of no other', async () => {
    const { credits } = await databases.store();
    const [first, second] = [line, { ...line, touch: 't2', time: start + 1, share: 1 }];
    const other = { ...line, model: 'last' };
    await credits.keep([computed('D', [second, first, other]), computed('E', [{ ...line, dealId: 'E' }])]);
    expect(await credits.ofDeal('D')).toEqual([other, first, second]);
    await credits.keep([computed('D', [second, other])]);
    expect(await credits.ofDeal('D')).toEqual([other, second]);
    await credits.keep([computed('D', [])]);
    expect([await credits.ofDeal('D'), await credits.ofDeal('E')]).toEqual([[], [{ ...line, dealId: 'E' }]]);
  });

  it('keeps when a deal is to be credited again, through a restart, until it is taken or credited', async () => {
    const place = await databases.place();
    const { credits } = await databases.store(place);
    await credits.keep([
      computed('D', [line], { dueAt: start + 5 }),
      computed('E', [], { dueAt: start + 9 }),
    ]);
    await credits.keep([computed('F', [], { dueAt: start + 5 })]);
    await credits.keep([computed('F', [], { at: start + 1, dueAt: null })]);
    const { credits: again } = await databases.store(place);
    expect([await again.isDue(start + 4), await again.isDue(start + 5)]).toEqual([false, true]);
    expect(await again.takeDue(start + 4)).toEqual([]);
    expect(await again.takeDue(start + 5)).toEqual(['D']);
    expect([await again.isDue(start + 8), await again.isDue(start + 9)]).toEqual([false, true]);
  });

  it('keeps how what came out was computed, and says what stood at any time', async () => {
    const { credits } = await databases.store();
    const later = { ...line, share: 1 };
    const facts = { hash: 'other', body: '{"touches":[1]}' };
    await credits.keep([computed('D', [line])]);
    await credits.keep([computed('D', [line], { at: start + 5, rules: 'r2' })]);
    await credits.keep([computed('D', [later], { at: start + 10, rules: 'r2', facts })]);
    await credits.keep([computed('D', [], { at: start + 20, facts: null })]);
    const at = (time: number) => credits.computedBy('D', start + time);
    expect(await at(-1)).toBeNull();
    expect(await at(7)).toMatchObject({
      at: start,
      endedAt: start - 5,
      rules: 'r1',
      facts: '{"touches":[]}',
    });
    expect(await at(19)).toMatchObject({ at: start + 10, rules: 'r2', facts: '{"touches":[1]}' });
    expect(await at(99)).toMatchObject({ at: start + 20, facts: null });
    const digests = await Promise.all([7, 19].map(async (time) => (await at(time))?.digests));
    expect(digests[0]).not.toEqual(digests[1]);
  });

  it('asks no model that is unchanged for its lines where the facts are the same', async () => {
    const { credits } = await databases.store();
    const last = { ...line, model: 'last' };
    const asked: string[] = [];
    const again = (share: number, more: Partial<Computation> = {}) =>
      computed('D', [], {
        models: byModel([line, last].map((one) => ({ ...one, share }))).map(({ model, given }) => ({
          model,
          given: () => {
            asked.push(model);
            return given();
          },
        })),
        ...more,
      });
    const keep = async (computation: Computation) => {
      asked.length = 0;
      await credits.keep([computation], async (rules) => new Set(rules === 'r1' ? ['last'] : []));
      return new Set(asked);
    };
    const shares = async () => (await credits.ofDeal('D')).map(({ model, share }) => [model, share]);
    const digests = async () => (await credits.computedBy('D', start + 99))?.digests;
    expect(await keep(again(0.1))).toEqual(new Set(['linear', 'last']));
    const { last: first, linear } = (await digests()) ?? {};

    expect(await keep(again(0.2, { at: start + 1 }))).toEqual(new Set(['linear']));
    expect(await shares()).toEqual([
      ['last', 0.1],
      ['linear', 0.2],
    ]);
    expect(await digests()).toEqual({
      linear: expect.not.stringMatching(linear ?? ''),
      last: first,
      written: 'w',
    });

    const later = { endedAt: start - 4 };
    const other = { ...later, facts: { hash: 'other', body: '{}' }, rules: 'r2' };
    const news: Partial<Computation>[] = [
      { ...later, at: start + 2 },
      { ...other, at: start + 3 },
      { ...other, at: start + 4 },
    ];
    for (const [index, one] of news.entries()) {
      const share = 0.3 + index / 10;
      expect(await keep(again(share, one))).toEqual(new Set(['linear', 'last']));
      expect(await shares()).toEqual([
        ['last', share],
        ['linear', share],
      ]);
    }
  });

  it('says when deals last came out otherwise, and of how many touches', async () => {
    const { credits } = await databases.store();
    const two = [line, { ...line, touch: 't2' }, { ...line, touch: 'baseline' }];
    await credits.keep([computed('D', two), computed('E', [])]);
    await credits.keep([computed('D', two, { at: start + 5 })]);
    const last = (at: number, touches: number) => ({ at, touches });
    expect(await credits.lastOf(['D', 'E', 'F'])).toEqual(
      new Map([
        ['D', last(start, 2)],
        ['E', last(start, 0)],
      ]),
    );
    await credits.keep([computed('D', [line], { at: start + 9 })]);
    expect(await credits.lastOf(['D'])).toEqual(new Map([['D', last(start + 9, 1)]]));
  });

  it('takes a computation on a clock that is behind for the latest all the same', async () => {
    const { credits } = await databases.store();
    await credits.keep([computed('D', [line])]);
    await credits.keep([computed('D', [{ ...line, share: 1 }], { at: start - 60 })]);
    await credits.keep([computed('D', [line], { at: start - 50 })]);
    expect(await credits.ofDeal('D')).toEqual([line]);
    expect((await credits.computedBy('D', start))?.at).toBe(start);
  });

  it('sums the named deals by model, channel and currency', async () => {
    const { credits } = await databases.store();
    const lines = [
      { ...line, share: 0.25, amountMinor: 25 },
      { ...line, touch: 't2', share: 0.5, amountMinor: 50 },
      { ...line, dealId: 'E', share: 0.125, amountMinor: 12, currency: 'JPY' },
      { ...line, dealId: 'F', touch: 'baseline', channel: 'baseline', share: 0.875, amountMinor: 88 },
    ];
    await credits.keep(
      ['D', 'E', 'F'].map((id) =>
        computed(
          id,
          lines.filter(({ dealId }) => dealId === id),
        ),
      ),
    );
    expect(await credits.totals(['D', 'E', 'F'])).toEqual([
      { model: 'linear', channel: 'Chat', currency: 'JPY', share: 0.125, amountMinor: 12 },
      { model: 'linear', channel: 'Chat', currency: 'USD', share: 0.75, amountMinor: 75 },
      { model: 'linear', channel: 'baseline', currency: 'USD', share: 0.875, amountMinor: 88 },
    ]);
    expect((await credits.totals(['F', 'E'])).map(({ currency }) => currency)).toEqual(['JPY', 'USD']);
  });

  it('sums what a deal is credited with by whatever the touches tell, and by nothing where they tell nothing', async () => {
    const { credits } = await databases.store();
    const of = (touch: string, amountMinor: number, more: Partial<CreditLine> = {}): CreditLine => ({
      ...{ ...line, dealId: 'G', touch, share: amountMinor / 100, amountMinor },
      ...more,
    });
    const lines = [
      of('g1', 20, { campaign: 'spring', source: 'google', topic: 'pricing', bot: 'webchat' }),
      of('g2', 30, { campaign: 'spring', medium: 'cpc', content: 'blue' }),
      of('g3', 10),
      of('baseline', 40, { channel: 'baseline' }),
    ];
    await credits.keep([computed('G', lines)]);
    const by = async (group: (typeof creditGroups)[number]) =>
      Object.fromEntries(
        (await credits.totals(['G'], group)).map((one) => [String(one.channel), one.amountMinor]),
      );
    expect(await by('campaign')).toEqual({ spring: 50, null: 10, baseline: 40 });
    expect(await by('source')).toEqual({ google: 20, null: 40, baseline: 40 });
    expect(await by('bot')).toEqual({ webchat: 20, null: 40, baseline: 40 });
    for (const group of creditGroups)
      expect(
        Object.values(await by(group)).reduce((sum, one) => sum + one, 0),
        group,
      ).toBe(100);
    expect(await credits.ofDeal('G')).toEqual(expect.arrayContaining(lines));
  });
});

onEachDatabase('runs', (databases) => {
  it('lists runs newest first, with how they ended', async () => {
    const { runs } = await databases.store();
    await runs.start({ id: 'r1', kind: 'sync', connection: 'sf', at: 1 });
    await runs.start({ id: 'r2', kind: 'push', at: 2 });
    await runs.finish('r1', { status: 'held', at: 5, counts: { pulled: 7 }, message: 'asks first' });
    expect(await runs.recent(9)).toEqual([
      {
        id: 'r2',
        kind: 'push',
        connection: null,
        startedAt: 2,
        endedAt: null,
        status: 'running',
        counts: {},
      },
      {
        id: 'r1',
        kind: 'sync',
        connection: 'sf',
        startedAt: 1,
        endedAt: 5,
        status: 'held',
        counts: { pulled: 7 },
        message: 'asks first',
      },
    ]);
    expect(await runs.recent(1)).toHaveLength(1);
  });
});
