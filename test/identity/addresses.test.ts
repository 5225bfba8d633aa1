/** Who is who at one address. */
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../src/canonical/pairs.ts';
import { noMemory } from '../../src/identity/memory.ts';
import { resolve } from '../../src/identity/resolve.ts';
import { grouped, groups, paired, person, refusals } from './people.ts';

const info = { email: 'info@haus.example' };
const anna = { ...info, name: 'Anna Berg' };
const bert = { ...info, name: 'Bert Kahn' };

describe('an address of two whom an admin has told apart', () => {
  const records = [person('sf:1', anna), person('hs:1', anna)];
  const decisions = [
    { ...inOrder('Person|hs|contacts|1', 'Person|sf|Contact|1'), verdict: 'different' as const, at: 1 },
  ];

  it('is settled', () => {
    expect(refusals(records, { decisions })).toEqual({ 'email:info@haus.example': 'decided different' });
  });

  it('is told again once somebody waits who may be either of them', () => {
    const waiting = [...records, person('chat:1', info)];
    expect(grouped(waiting, { decisions })).toEqual([['chat:1'], ['hs:1'], ['sf:1']]);
    expect(refusals(waiting, { decisions })).toEqual({ 'email:info@haus.example': 'several people' });
  });

  it('is told while others at it are undecided', () => {
    const more = [...records, person('sf:2', bert)];
    expect(refusals(more, { decisions })).toEqual({ 'email:info@haus.example': 'other names' });
  });
});

describe('inside one system, an equal address', () => {
  it('does not join records whose names contradict, and is reported', () => {
    const records = [person('sf:1', anna), person('sf:2', bert)];
    expect(grouped(records)).toEqual([['sf:1'], ['sf:2']]);
    expect(refusals(records)).toEqual({ 'email:info@haus.example': 'other names' });
  });

  it.each([
    ['equal names', 'Anna Berg'],
    ['a short form', 'A. Berg'],
    ['a part of the name', 'Berg'],
    ['no name', ''],
  ])('joins records with %s', (_, name) => {
    expect(grouped([person('sf:1', anna), person('sf:2', { ...info, name })])).toEqual([['sf:1', 'sf:2']]);
  });

  it.each(['', 'Berg'])('leaves "%s" apart where it may be either of two', (name) => {
    const records = [
      person('sf:1', anna),
      person('sf:2', { ...info, name: 'Bert Berg' }),
      person('sf:3', { ...info, name }),
    ];
    expect(grouped(records)).toEqual([['sf:1'], ['sf:2'], ['sf:3']]);
  });

  it.each([
    1, 2, 3,
  ])('leaves an initial apart that may stand for either of two, wherever it comes (%i)', (at) => {
    const names = ['Bert Berg', 'Bea Berg'];
    names.splice(at - 1, 0, 'B. Berg');
    const records = names.map((name, index) => person(`sf:${index + 1}`, { ...info, name }));
    expect(grouped(records)).toEqual([['sf:1'], ['sf:2'], ['sf:3']]);
  });

  it('leads to nobody while several have it', () => {
    const { clusters } = resolve([person('sf:1', anna), person('sf:2', bert)]);
    expect(clusters.flatMap(({ keys }) => keys)).not.toContain('email:info@haus.example');
  });
});

describe('across systems, an equal address', () => {
  it('joins one record on each side, whatever their names', () => {
    expect(grouped([person('sf:1', anna), person('hs:1', bert)])).toEqual([['hs:1', 'sf:1']]);
  });

  it('joins the one whose name agrees where a side has several', () => {
    const records = [
      person('sf:1', anna),
      person('sf:2', bert),
      person('hs:1', { ...info, name: 'B. Kahn' }),
    ];
    expect(grouped(records)).toEqual([['hs:1', 'sf:2'], ['sf:1']]);
  });

  it('joins none where nobody agrees, or nobody has a name', () => {
    for (const name of ['Carla Neu', '']) {
      const records = [person('sf:1', anna), person('sf:2', bert), person('hs:1', { ...info, name })];
      expect(grouped(records)).toEqual([['hs:1'], ['sf:1'], ['sf:2']]);
    }
  });

  it('pairs two with two by their names', () => {
    const records = [person('sf:1', anna), person('sf:2', bert), person('hs:1', bert), person('hs:2', anna)];
    expect(grouped(records)).toEqual([
      ['hs:1', 'sf:2'],
      ['hs:2', 'sf:1'],
    ]);
  });

  it('of a further address does not join two whom the other system keeps apart', () => {
    const both = person('hs:1', { name: 'Ada Winter', email: ['ada@a.example', 'ada@b.example'] });
    const records = [
      person('sf:1', { name: 'Ada Winter', email: 'ada@b.example' }),
      person('sf:2', { name: 'Ada Winter', email: 'ada@a.example' }),
      both,
    ];
    expect(grouped(records)).toEqual([['hs:1', 'sf:2'], ['sf:1']]);
    expect(refusals(records)).toEqual({ 'email:ada@b.example': 'other addresses' });
  });
});

describe('what was said in a chat', () => {
  it('belongs to the only person at the address', () => {
    const said = person('chat:1', { ...info, name: 'Carla Neu' });
    expect(grouped([person('sf:1', anna), person('hs:1', anna), said])).toEqual([['chat:1', 'hs:1', 'sf:1']]);
  });

  it('belongs to the one whose name agrees', () => {
    const records = [person('sf:1', anna), person('sf:2', bert)];
    expect(grouped([...records, person('chat:1', { ...info, name: 'Bert' })])).toEqual([
      ['chat:1', 'sf:2'],
      ['sf:1'],
    ]);
  });

  it('is held where it may be about either: nobody is made of it', () => {
    const said = [
      person('chat:1', info),
      person('chat:2', info),
      person('chat:3', { ...info, name: 'Carla Neu' }),
    ];
    const { clusters } = resolve([person('sf:1', anna), person('sf:2', bert), ...said]);
    const held = clusters.filter(({ held: key }) => key === 'email:info@haus.example');
    expect(held.map(({ contributions }) => contributions.map(({ ref }) => ref.id))).toEqual([
      ['1', '2'],
      ['3'],
    ]);
  });

  it('goes where its user is known to be, and takes nobody along who waits at the same address', () => {
    const records = [person('sf:1', { ...anna, chatUser: 'u' }), person('sf:2', { ...bert, chatUser: 'v' })];
    const users = [
      person('chat:1', { ...info, chatUser: 'u' }),
      person('chat:2', { ...info, chatUser: 'v' }),
    ];
    expect(grouped([...records, ...users, person('chat:3', info), person('chat:4', info)])).toEqual([
      ['chat:1', 'sf:1'],
      ['chat:2', 'sf:2'],
      ['chat:3', 'chat:4'],
    ]);
  });

  it('is one person at one address where no system knows anybody', () => {
    const said = [person('chat:1', anna), person('chat:2', bert), person('chat:3', info)];
    expect(grouped(said)).toEqual([['chat:1', 'chat:2', 'chat:3']]);
  });

  it('is found by a further address of a record', () => {
    const record = person('hs:1', { email: ['ada@a.example', 'ada@b.example'] });
    expect(grouped([record, person('chat:1', { email: 'ada@b.example' })])).toEqual([['chat:1', 'hs:1']]);
  });

  it('is found by the former address of a record that was merged away', () => {
    const winner = person('sf:1', { email: 'a@x.example' });
    const loser = person('sf:2', { email: 'b@x.example', id: 'sf:Contact:1', withdrawn: true });
    expect(grouped([winner, loser, person('chat:1', { email: 'b@x.example' })])).toEqual([
      ['chat:1', 'sf:1', 'sf:2'],
    ]);
  });
});

describe('a remembered pair', () => {
  const before = [
    person('sf:1', { ...info, name: 'Ada Winter' }),
    person('hs:1', { ...info, name: 'Ada Winter' }),
  ];
  const moved = person('hs:1', { name: 'Ada Sommer', email: 'ada@new.example' });
  const said = person('chat:1', info);

  it('is made of all that is found by an address, but not of names that contradict', () => {
    const found = resolve([...before, said]).pairings;
    expect(new Set(found.map(({ one, other }) => `${one} ${other}`))).toEqual(
      new Set([
        'Person|hs|contacts|1 Person|sf|Contact|1',
        'Person|chat|event|1 Person|sf|Contact|1',
        'Person|chat|event|1 Person|hs|contacts|1',
      ]),
    );
    expect(new Set(found.map(({ key }) => key))).toEqual(new Set(['email:info@haus.example']));
    expect(resolve([person('sf:1', anna), person('hs:1', bert)]).pairings).toEqual([]);
  });

  it('is not made of those without a name while people who contradict each other are at the address', () => {
    const nameless = person('hs:1', info);
    const found = resolve([person('sf:1', anna), nameless, person('hs:2', bert), said]);
    expect(groups(found)).toEqual([['chat:1', 'hs:1', 'hs:2', 'sf:1']]);
    expect(found.pairings.filter(({ one }) => one.includes('chat'))).toEqual([]);
    const visitor = person('chat:1', bert);
    const pairs = resolve([person('hs:1', anna), person('sf:1', info), visitor]).pairings;
    expect(pairs.map(({ one, other }) => `${one} ${other}`)).toEqual([
      'Person|hs|contacts|1 Person|sf|Contact|1',
    ]);
  });

  it('of records comes before one of a visitor, whose name a record without one would take on', () => {
    const all = [person('hs:1', anna), person('sf:1', info), person('sf:2', info), person('chat:1', bert)];
    const [hs, one, other, visitor] = all;
    if (!hs || !one || !other || !visitor) throw new Error('four were made');
    const key = 'email:info@haus.example';
    const pairings = [paired(visitor, other, key), paired(hs, one, key), paired(hs, other, key)];
    expect(grouped(all, { pairings })).toEqual([['chat:1', 'hs:1', 'sf:1', 'sf:2']]);
  });

  it('stays a pair when an address changes, and so do its chats when both change', () => {
    const [sf, hs] = before;
    if (!sf || !hs) throw new Error('two were made');
    const pairings = [paired(sf, hs, 'email:info@haus.example'), paired(sf, said, 'email:info@haus.example')];
    expect(grouped([sf, moved])).toHaveLength(2);
    expect(grouped([sf, moved, said], { pairings })).toHaveLength(1);
    const both = [person('sf:1', { name: 'Ada Winter', email: 'ada@new.example' }), moved, said];
    expect(grouped(both, { pairings })).toHaveLength(1);
    expect(grouped([...both, person('chat:2', info)], { pairings })).toHaveLength(1);
  });

  it('does not bring in the new owner of the old address, nor another record of its system', () => {
    const [sf, hs] = before;
    if (!sf || !hs) throw new Error('two were made');
    const pairings = [paired(sf, hs, 'email:info@haus.example'), paired(sf, said, 'email:info@haus.example')];
    const other = person('sf:2', { name: 'Bea Herbst', email: 'ada@new.example' });
    const all = grouped([sf, moved, other], { pairings });
    expect(all).toEqual([['hs:1', 'sf:1'], ['sf:2']]);
    const heir = person('sf:3', { ...info, name: 'Bea Herbst' });
    const gone = person('sf:1', { name: 'Ada Winter', email: 'ada@new.example' });
    const afterwards = [gone, moved, said, heir, person('chat:2', info)];
    expect(grouped(afterwards, { pairings })).toEqual([
      ['chat:1', 'hs:1', 'sf:1'],
      ['chat:2', 'sf:3'],
    ]);
  });

  it('ends when one of them is erased, or an admin says that they are two', () => {
    const [sf, hs] = before;
    if (!sf || !hs) throw new Error('two were made');
    const pairing = paired(sf, hs, 'email:info@haus.example');
    const erased = person('hs:1', { withdrawn: true });
    expect(resolve([sf, erased], { ...noMemory, pairings: [pairing] }).ended).toEqual([pairing]);
    const decisions = [{ ...pairing, verdict: 'different' as const }];
    const apart = resolve([sf, hs], { ...noMemory, pairings: [pairing], decisions });
    expect([apart.clusters.length, apart.ended, apart.pairings]).toEqual([2, [pairing], []]);
  });
});
