import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/support/json.ts';
import { complaints, createdAt, keysOf, mapping, modifiedAt, objectOf, record, valuesOf } from './sample.ts';

function object(lines: string, head = '') {
  return objectOf(
    mapping(
      `system: crm\n${head}\nobjects:\n  Other: { entity: Organization, fields: { name: N } }\n  Thing:\n${lines}`,
    ),
    'Thing',
  );
}

describe('times of values', () => {
  const thing = object('    entity: Person\n    fields: { title: T, phone: P, city: C }', 'root: props');
  const body = { props: { T: 'CEO', P: '+12125550100', C: 'Oslo' } };

  it('are those known per field, by name or by path, else at most the time of the record', () => {
    const fieldTimes = { T: { at: 7, exact: true }, 'props.P': { at: 8, exact: true } };
    const { contributions } = thing.normalize(record('Thing', '1', body, { fieldTimes }));
    expect(contributions[0]?.values).toEqual({
      title: { value: 'CEO', at: 7, exact: true },
      phone: { value: '+12125550100', at: 8, exact: true },
      city: { value: 'Oslo', at: modifiedAt, exact: false },
    });
  });

  it('are exact where records never change', () => {
    const fact = object('    entity: Person\n    immutable: true\n    fields: { title: T }');
    const { contributions } = fact.normalize(record('Thing', '1', { T: 'CEO' }));
    expect(contributions[0]?.values.title).toEqual({ value: 'CEO', at: createdAt, exact: true });
  });
});

describe('keys', () => {
  it('are the record itself and everything that match names', () => {
    const thing = object(`    entity: Person
    match:
      email: [E, E2]
      phone: P
      visitor: V
      chatUser: U
      external: H
      domain: E
      Other: O
      sf/Contact: { field: S, as: id18 }
      Thing: [{ field: M, split: ";" }, { field: M2, split: ";", before: ":" }]
    fields: { email: E }`);
    const body = {
      E: 'Ann@Acme.example',
      E2: 'not one',
      P: '(212) 555-0100',
      V: 'v1',
      U: 7,
      H: 'h1',
      O: 'o1',
      S: '0034S000005YJVl',
      M: '8;9',
      M2: '10:1650;11:1660',
    };
    expect(keysOf(thing.normalize(record('Thing', '1', body)))).toEqual([
      'id:crm:Thing:1',
      'email:ann@acme.example',
      'phone:+12125550100',
      'visitor:crm:v1',
      'chatUser:crm:7',
      'external:crm:h1',
      'domain:acme.example',
      'id:crm:Other:o1',
      'id:sf:Contact:0034S000005YJVlQAO',
      'id:crm:Thing:8',
      'id:crm:Thing:9',
      'id:crm:Thing:10',
      'id:crm:Thing:11',
    ]);
  });

  it('are none of what is blank, incomplete or not there', () => {
    const thing = object(
      '    entity: Person\n    match: { email: E, phone: P, visitor: V, chatUser: U, Other: { field: O, prefix: "00" } }\n    fields: { email: E }',
    );
    const body = { E: 'a\u0000@b.example', P: '0100', V: null, O: '11', U: 'x\u0000' };
    expect(keysOf(thing.normalize(record('Thing', '1', body)))).toEqual(['id:crm:Thing:1']);
  });

  it('are counted by each connection for itself, but for the id that the hub gave', () => {
    const text = `system: crm
objects:
  Thing:
    entity: Person
    externalId: H
    match:
      session: S
      visitor: [V, { field: W, space: web }, { field: C, space: chat }]
      external: [H, X]
    fields: { email: E }`;
    const compiled = mapping(text, { connection: 'crm-2', connections: { chat: 'chat-eu' } });
    const ref = { connection: 'crm-2', object: 'Thing', id: '1' };
    const body = { S: 's1', V: 'v1', W: 'w1', C: 'c1', H: 'h1', X: 'x1' };
    expect(keysOf(objectOf(compiled, 'Thing').normalize(record('Thing', '1', body, { ref })))).toEqual([
      'id:crm-2:Thing:1',
      'session:crm-2:s1',
      'visitor:crm-2:v1',
      'visitor:web:w1',
      'visitor:chat-eu:c1',
      'external:h1',
      'external:crm-2:x1',
    ]);
  });

  it('have a space where systems count for themselves, and only there', () => {
    const text =
      'system: crm\nobjects: { Thing: { entity: Person, match: { email: { field: E, space: web } }, fields: { email: E } } }';
    expect(complaints(text)[0]).toContain('"email" has no space');
  });

  it('are read where their condition holds', () => {
    const thing = object(
      '    entity: Person\n    match: { Other: { field: W, when: { T: Contact } } }\n    fields: { email: E }',
    );
    expect(keysOf(thing.normalize(record('Thing', '1', { W: 'w', T: 'Contact' })))).toContain(
      'id:crm:Other:w',
    );
    expect(keysOf(thing.normalize(record('Thing', '1', { W: 'w', T: 'Lead' })))).toEqual(['id:crm:Thing:1']);
  });

  it('are none of what stands for no id, in ends of relations and subjects of events, too', () => {
    const thing = object(`    entity: Person
    match: { email: E, visitor: V, chatUser: U, Other: { field: M, split: ";" } }
    fields: { email: E }
    relations: [{ type: person-organization, to: { Other: O } }]
    events: [{ type: touch.chat, at: T, channel: Chat, subject: { visitor: V } }]
`);
    const body = {
      E: 'noreply@acme.example',
      V: 'undefined',
      U: '[object Object]',
      M: '0;7',
      O: 'null',
      T: 1,
    };
    const normalized = thing.normalize(record('Thing', '1', body));
    expect(keysOf(normalized)).toEqual(['id:crm:Thing:1', 'id:crm:Other:7']);
    expect(normalized.links).toEqual([]);
    expect(normalized.events).toEqual([]);
  });

  it('of very long ids are short enough for an index, the same for the same id and others for others', () => {
    const thing = object(`    entity: Person
    match: { visitor: V, Other: O }
    fields: { email: E }
    events: [{ type: touch.chat, at: T, channel: Chat, subject: { visitor: V } }]
`);
    const token = 'é'.repeat(6_000);
    const [one, again, other] = [token, token, `${token}.`].map((V) => {
      const normalized = thing.normalize(record('Thing', '1', { V, O: V, T: 1 }));
      return { keys: keysOf(normalized), subject: normalized.events[0]?.subject };
    });
    expect(again).toEqual(one);
    expect(one?.keys).toContain(one?.subject);
    expect(new Set([...(one?.keys ?? []), ...(other?.keys ?? [])]).size).toBe(5);
    for (const key of one?.keys ?? []) expect(Buffer.byteLength(key)).toBeLessThan(2_000);
    const plain = 'x'.repeat(500);
    expect(keysOf(thing.normalize(record('Thing', '1', { V: plain })))).toContain(`visitor:crm:${plain}`);
  });

  it('are none of the words that hub.yaml adds', () => {
    const text =
      'system: crm\nobjects: { Thing: { entity: Person, match: { visitor: V }, fields: { email: E } } }';
    const compiled = mapping(text, { placeholders: ['kiosk'] });
    const normalized = objectOf(compiled, 'Thing').normalize(record('Thing', '1', { V: 'Kiosk' }));
    expect(keysOf(normalized)).toEqual(['id:crm:Thing:1']);
  });

  it('name the connections that stand for other systems', () => {
    const text =
      'system: crm\nobjects: { Thing: { entity: Person, match: { sf/Contact: S, Thing: T }, fields: { email: E } } }';
    const compiled = mapping(text, { connection: 'crm-2', connections: { sf: 'sf-emea' } });
    const ref = { connection: 'crm-2', object: 'Thing', id: '1' };
    const normalized = objectOf(compiled, 'Thing').normalize(
      record('Thing', '1', { S: 's', T: 't' }, { ref }),
    );
    expect(keysOf(normalized)).toEqual(['id:crm-2:Thing:1', 'id:sf-emea:Contact:s', 'id:crm-2:Thing:t']);
  });
});

describe('relations', () => {
  it('lead from the record, or from another that it names', () => {
    const thing = object(`    relations:
      - { type: person-organization, to: { Other: O } }
      - { type: deal-person, from: { Other: D }, to: { Thing: P }, role: R, primary: { Main: true } }
`);
    const { links, contributions } = thing.normalize(
      record('Thing', '1', { O: 'o', D: 'd', P: 'p', R: 'Buyer', Main: 'true' }),
    );
    expect(contributions).toEqual([]);
    expect(links.map(({ ref: _, ...link }) => link)).toEqual([
      {
        relation: 'person-organization',
        from: { kind: 'id', value: 'crm:Thing:1' },
        to: { kind: 'id', value: 'crm:Other:o' },
      },
      {
        relation: 'deal-person',
        from: { kind: 'id', value: 'crm:Other:d' },
        to: { kind: 'id', value: 'crm:Thing:p' },
        role: 'Buyer',
        primary: true,
        // A record of its own says since when.
        since: Date.parse('2026-01-05T00:00:00Z'),
      },
    ]);
  });

  it('need both ends', () => {
    const thing = object('    relations: [{ type: deal-person, from: { Other: D }, to: { Thing: P } }]');
    expect(thing.normalize(record('Thing', '1', { D: 'd', P: null })).links).toEqual([]);
  });

  it('come one per element of a list, each pair once', () => {
    const thing = object(
      '    relations: [{ type: deal-person, each: /with.people, to: { Thing: id }, role: { field: label, ignore: [plain] }, primary: { main: true } }]',
      'root: props',
    );
    const body = {
      props: {},
      with: {
        people: [{ id: '7', label: 'plain' }, { id: '7', label: 'Buyer', main: true }, { id: '8' }, 'junk'],
      },
    };
    const { links } = thing.normalize(record('Thing', '1', body));
    expect(links.map(({ to, role, primary }) => [to.value, role, primary])).toEqual([
      ['crm:Thing:7', 'Buyer', true],
      ['crm:Thing:8', undefined, false],
    ]);
  });
});

describe('events', () => {
  it('happen when their condition holds, at the first time that can be read', () => {
    const thing = object(`    events:
      - { type: deal.won, when: { W: true }, at: [A, B], data: { stage: S, source: { value: crm }, gone: G } }`);
    const at = (body: object) => thing.normalize(record('Thing', '1', { W: true, ...body })).events[0];
    expect(at({ A: null, B: '2026-06-30', S: 'Won' })).toMatchObject({
      type: 'deal.won',
      // A date alone lasts to the end of its day.
      time: Date.UTC(2026, 6, 1) - 1,
      subject: 'id:crm:Thing:1',
      data: { stage: 'Won', source: 'crm' },
    });
    expect(at({ W: false, B: '2026-06-30' })).toBeUndefined();
  });

  it('have not happened while their time is blank', () => {
    const thing = object('    events: [{ type: deal.won, at: A }]');
    const { events, warnings } = thing.normalize(record('Thing', '1', { A: null }));
    expect([events, warnings]).toEqual([[], []]);
  });

  it('with a time that nobody can read are left out with a warning', () => {
    const thing = object('    events: [{ type: deal.won, at: A }]');
    const { events, warnings } = thing.normalize(record('Thing', '1', { A: 'soon' }));
    expect([events, warnings]).toEqual([[], [{ field: 'A', message: 'cannot read "soon" as a time' }]]);
  });

  it('have one id per record, type and time', () => {
    const thing = object('    events: [{ type: deal.won, at: A }, { type: deal.lost, at: A }]');
    const ids = (body: object, id = '1') =>
      thing.normalize(record('Thing', id, { ...body })).events.map((event) => event.id);
    const first = ids({ A: 1_700_000_000_000 });
    expect(ids({ A: '2023-11-14T22:13:20Z', Other: 1 })).toEqual(first);
    expect(
      new Set([...first, ...ids({ A: 1_700_000_000_001 }), ...ids({ A: 1_700_000_000_000 }, '2')]).size,
    ).toBe(6);
  });

  it('can happen when a field took its present value, if that is known', () => {
    const thing = object('    events: [{ type: deal.stage_changed, at: { changed: S } }]', 'root: props');
    const times = (exact: boolean) =>
      thing
        .normalize(
          record('Thing', '1', { props: { S: 'x' } }, { fieldTimes: { 'props.S': { at: 99, exact } } }),
        )
        .events.map(({ time }) => time);
    expect([times(true), times(false)]).toEqual([[99], []]);
  });

  describe('with a history', () => {
    const changed = (history: Json[], entry = '') =>
      object(
        `    events:\n      - { type: deal.stage_changed, history: S, data: { stage: $value, before: $before, name: N }${entry} }`,
        'root: props\nhistory: past',
      ).normalize(record('Thing', '1', { props: { S: 'won', N: 'Big' }, past: { S: history } })).events;
    const entry = (value: string | null, timestamp: string) => ({ value, timestamp });
    const newestFirst = [
      entry('won', '2026-03-03T00:00:00Z'),
      entry('won', '2026-03-02T12:00:00Z'),
      entry('open', '2026-03-02T00:00:00Z'),
      entry('new', '2026-03-01T00:00:00Z'),
    ];

    it('happen at each change that the vendor remembers; the same value again is none', () => {
      expect(changed(newestFirst).map(({ time, data }) => [new Date(time).toISOString(), data])).toEqual([
        ['2026-03-01T00:00:00.000Z', { stage: 'new', name: 'Big' }],
        ['2026-03-02T00:00:00.000Z', { stage: 'open', before: 'new', name: 'Big' }],
        ['2026-03-02T12:00:00.000Z', { stage: 'won', before: 'open', name: 'Big' }],
      ]);
    });

    it('are the same in whatever order the history is told', () => {
      expect(changed(newestFirst.toReversed())).toEqual(changed(newestFirst));
    });

    it('of several values at one moment know the newest, which comes first', () => {
      const one = [entry('won', '2026-03-01T00:00:00Z'), entry('open', '2026-03-01T00:00:00Z')];
      expect(changed(one).map(({ data }) => data.stage)).toEqual(['won']);
    });

    it('are told apart by what was before and after', () => {
      const condition = ', when: { $before: open, $value: { not: new } }';
      expect(changed(newestFirst, condition).map(({ data }) => data.stage)).toEqual(['won']);
    });

    it('pass over what is no history', () => {
      const odd = [{ value: 'x' }, { timestamp: 'soon', value: 'y' }, 'z'];
      expect(changed(odd)).toEqual([]);
    });

    it('have the field and its history asked for', () => {
      const { vendorFields, histories } = object(
        '    events: [{ type: deal.stage_changed, history: S }]',
        'history: past',
      );
      expect([vendorFields, histories]).toEqual([['S'], ['S']]);
    });
  });

  it('compare two fields of a record', () => {
    const thing = object(
      '    events: [{ type: deal.amount_changed, at: A, when: { P: present, N: { differs: P } } }]',
    );
    const events = (P: number | null, N: number | null) =>
      thing.normalize(record('Thing', '1', { A: '2026-03-01', P, N })).events.length;
    expect([events(5, 6), events(5, null), events(5, 5), events(null, 5)]).toEqual([1, 1, 0, 0]);
  });

  it('on a page tell its UTM, click ids, referrer and channel', () => {
    const thing = object(
      '    events: [{ type: touch.page_view, at: A, page: U, referrer: R, subject: { email: E } }]',
    );
    const body = {
      A: 1_700_000_000_000,
      U: 'https://a.example/?utm_source=x&utm_medium=email&gclid=g',
      R: 'https://b.example/',
      E: 'A@b.example',
    };
    expect(thing.normalize(record('Thing', '1', body)).events[0]).toMatchObject({
      subject: 'email:a@b.example',
      data: {
        channel: 'Email',
        utm: { source: 'x', medium: 'email' },
        clickIds: { gclid: 'g' },
        landingPage: body.U,
        referrer: 'https://b.example/',
      },
    });
  });

  it('on a page reached from a site that hub.yaml names go by its kind', () => {
    const text =
      'system: crm\nobjects:\n  Thing:\n    events: [{ type: touch.page_view, at: A, page: U, referrer: R, subject: { email: E } }]';
    const channel = (R: string) =>
      objectOf(
        mapping(text, { channels: { own: ['b.example'], sites: { search: ['find.example'] } } }),
        'Thing',
      )
        .normalize(
          record('Thing', '1', { A: 1_700_000_000_000, U: 'https://a.example/', R, E: 'a@c.example' }),
        )
        .events.map(({ data }) => data.channel);
    expect(channel('https://shop.b.example/')).toEqual(['Direct']);
    expect(channel('https://find.example/?q=x')).toEqual(['Organic Search']);
    expect(channel('https://c.example/')).toEqual(['Referral']);
  });

  it('need a subject, and with onlyTagged a UTM', () => {
    const thing = object(
      '    events: [{ type: touch.page_view, at: A, page: U, onlyTagged: true, subject: { email: E } }]',
    );
    const events = (body: object) =>
      thing.normalize(record('Thing', '1', { A: 1_700_000_000_000, E: 'a@b.example', ...body })).events;
    expect(events({ U: '/?utm_source=x' })).toHaveLength(1);
    expect(events({ U: '/' })).toEqual([]);
    expect(events({ U: '/?utm_source=x', E: '' })).toEqual([]);
  });

  it('take their channel from a table, or else from the file', () => {
    const thing = object(
      '    events: [{ type: touch.campaign_response, at: A, channel: { field: T, table: { Mail: Email }, otherwise: Campaign } }]',
    );
    const channel = (T: string | null) =>
      thing.normalize(record('Thing', '1', { A: 1_700_000_000_000, T })).events[0]?.data.channel;
    expect([channel('Mail'), channel(null)]).toEqual(['Email', 'Campaign']);
  });
});

describe('tombstones', () => {
  const thing = object(`    entity: Person
    match: { email: E }
    fields: { email: E }
    relations: [{ type: person-organization, to: { Other: O } }]
    events: [{ type: person.created, at: $createdAt }]`);
  const body = { E: 'a@b.example', O: 'o' };

  it('withdraw what was said; keys still join', () => {
    const normalized = thing.normalize(record('Thing', '1', body, { tombstone: { kind: 'deleted' } }));
    expect(normalized.contributions).toMatchObject([{ withdrawn: true, values: {} }]);
    expect([keysOf(normalized), normalized.links, normalized.events]).toEqual([
      ['id:crm:Thing:1', 'email:a@b.example'],
      [],
      [],
    ]);
  });

  it('of merges name the survivor', () => {
    const normalized = thing.normalize(
      record('Thing', '1', {}, { tombstone: { kind: 'merged', into: '2' } }),
    );
    expect(keysOf(normalized)).toEqual(['id:crm:Thing:1', 'id:crm:Thing:2']);
    expect(normalized.events).toMatchObject([
      { type: 'person.merged', time: modifiedAt, subject: 'id:crm:Thing:1' },
    ]);
  });

  it('of erasures keep nothing of the person', () => {
    const normalized = thing.normalize(record('Thing', '1', body, { tombstone: { kind: 'erased' } }));
    expect(keysOf(normalized)).toEqual(['id:crm:Thing:1']);
    expect(normalized.events).toMatchObject([{ type: 'person.erased' }]);
  });
});

describe('sections', () => {
  it('each take the records that are theirs', () => {
    const thing = object(`    - { entity: Person, when: { T: p }, fields: { title: F } }
    - { entity: Deal, when: { T: d }, fields: { name: F } }
    - { events: [{ type: deal.created, at: $modifiedAt, when: { T: d } }] }`);
    const kinds = (T: string) =>
      thing.normalize(record('Thing', '1', { T, F: 'x' })).contributions.map(({ kind }) => kind);
    expect([kinds('p'), kinds('d'), kinds('x')]).toEqual([['Person'], ['Deal'], []]);
  });
});

describe('JSONata', () => {
  const thing = object(`    entity: Person
    fields:
      title: { field: T, as: [{ jsonata: { expression: "$uppercase(T) & '/' & $join(tags, '+')", reads: [tags] } }, trim] }
      city: { field: C, as: { jsonata: "$error('no')" } }`);

  it('is evaluated before the record is normalized', async () => {
    const plain = record('Thing', '1', { T: 'ceo', tags: ['a', 'b'], C: 'x' });
    const prepared = await thing.prepare?.(plain);
    expect(valuesOf(thing.normalize(prepared ?? plain))).toEqual({ title: 'CEO/a+b' });
    expect(thing.vendorFields).toEqual(['tags', 'T', 'C']);
  });

  it('is absent where nobody uses it', () => {
    expect(object('    entity: Person\n    fields: { title: T }').prepare).toBeUndefined();
  });
});
