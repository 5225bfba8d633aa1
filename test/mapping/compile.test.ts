import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileMapping } from '../../src/mapping/compile.ts';
import { Problem } from '../../src/support/problem.ts';
import { complaints, mapping, objectOf } from './sample.ts';

const person = (lines: string, rest = '') => `system: crm
objects:
  Lead:
    entity: Person
    fields:
      email: Email
${lines}
${rest}`;

describe('a wrong mapping is told where, what, and what would be right', () => {
  it.each([
    ['broken YAML', 'system: crm\nobjects:\n  Lead: {a: b\n', /^4: This is not valid YAML/],
    ['a key twice', person('      email: Mail'), /^7: This is not valid YAML: Map keys must be unique/],
    ['no objects', 'system: crm\n', /^1: objects: is missing; it is a map of names and values/],
    [
      'an unknown word',
      person('', '    feilds: {}'),
      /^8: "feilds" is not part of the mapping language here\. Did you mean "fields"\?/,
    ],
    ['an unknown word far from any', person('', '    zzzzzzzz: 1'), /^8: .*mappings\/README\.md/],
    ['an unknown word in a field', person('      title: { feild: Title }'), /^7: .*Did you mean "field"\?/],
    [
      'an unknown entity',
      'system: crm\nobjects:\n  Lead:\n    entity: Persn\n',
      /^4: objects\.Lead\.entity: "Persn" is not a value that goes here\. Did you mean "Person"\?/,
    ],
    [
      'an unknown canonical field',
      person('      titel: Title'),
      /^7: Person has no field "titel"\. Did you mean "title"\? .*custom\.<name>/,
    ],
    [
      'an unknown transform',
      person('      title: { field: T, as: trimm }'),
      /^7: There is no transform "trimm"\. Did you mean "trim"\?/,
    ],
    [
      'a wrong setting of a transform',
      person('      title: { field: T, as: { cut: long } }'),
      /^7: The transform "cut": .*expected number/,
    ],
    [
      'a setting that a transform does not take',
      person('      title: { field: T, as: { trim: 3 } }'),
      /^7: The transform "trim": takes no setting/,
    ],
    [
      'an unknown time zone',
      person('      createdAt: { field: T, as: { time: { zone: Mars } } }'),
      /^7: zone: is not a time zone/,
    ],
    [
      'the wrong kind',
      person('      title: { field: T, as: money }'),
      /^7: "title" is of kind text, not money/,
    ],
    [
      'an unknown table',
      person('      title: { field: T, table: titles }'),
      /^7: There is no table "titles" in this file\. Add it/,
    ],
    [
      'an unknown rule',
      person('      title: { field: T, rule: "two-wy" }'),
      /^7: "two-wy" is not a rule\. Did you mean "two-way"\?/,
    ],
    [
      'pushing what has no way back',
      person('      title: { field: T, as: first-name, rule: push only }'),
      /^7: "title" cannot be pushed/,
    ],
    [
      'pushing into a path',
      person('      title: { field: A.B, rule: two-way }'),
      /^7: "A\.B" is a place in the record/,
    ],
    [
      'two writers of one field',
      person('      title: { field: T, rule: push only }\n      city: { field: T, rule: push only }'),
      /^8: "T" is written by "title" already/,
    ],
    [
      'pulling what the hub computes',
      'system: crm\nobjects:\n  Deal:\n    entity: Deal\n    fields:\n      chatCredit.share: Share\n',
      /^6: "chatCredit\.share" is computed by the hub/,
    ],
    [
      'fields of no entity',
      'system: crm\nobjects:\n  Lead:\n    fields: { email: Email }\n',
      /^4: Fields belong to an entity/,
    ],
    [
      'creating without an external id',
      person('', '    create: { when: { email: present } }'),
      /^8: A record is only created through an external id/,
    ],
    [
      'a condition on a field that no entity has',
      person('', '    externalId: Hub\n    create: { when: { emial: present } }'),
      /^9: Person has no field "emial"\. Did you mean "email"\?/,
    ],
    [
      'sending an unmapped field',
      person('', '    externalId: Hub\n    create: { when: { email: present }, send: [emial] }'),
      /^9: "emial" is not among the fields/,
    ],
    [
      'an unknown object',
      person('', '    externalId: Hub\n    create: { when: { email: present }, unless: [Laed] }'),
      /^9: "Laed" is not an object of this file\. Did you mean "Lead"\?/,
    ],
    [
      'an unknown key',
      person('', '    match: { emial: Email }'),
      /^8: "emial" is neither a kind of key nor an object of this file\. Did you mean "email"\?/,
    ],
    [
      'a touch without a channel',
      person('', '    events:\n      - { type: touch.call, at: T }'),
      /^9: A touch\.call needs a channel/,
    ],
    [
      'an unknown event',
      person('', '    events:\n      - { type: touch.cal, at: T }'),
      /^9: .*Did you mean "touch\.call"\?/,
    ],
    [
      'a reference to nothing',
      person('', '    references: { R: { to: Deals, from: email } }'),
      /^8: "Deals" is not an object of this file/,
    ],
    [
      'a path that is none',
      person('      title: a..b'),
      /^7: objects\.Lead\.fields\.title: is not a field name or path/,
    ],
    [
      'JSONata that is none',
      person('      title: { field: T, as: { jsonata: "$uppercase(" } }'),
      /^7: This is no JSONata: /,
    ],
    ...['$now()', 'T & $millis()', '$map(T, function($x) { $x ~> $shuffle })', '$r := $random'].map(
      (text): [string, string, RegExp] => [
        `JSONata that is another each time: ${text}`,
        person(`      title: { field: T, as: { jsonata: "${text}" } }`),
        /^7: `\$(now|millis|random|shuffle)` gives another value each time/,
      ],
    ),
    [
      'a table on a list',
      person('      custom.x: { field: T, kind: list, table: { a: b } }'),
      /^7: A table maps one value/,
    ],
    [
      'two sections that write',
      'system: crm\nobjects:\n  Lead:\n    - { entity: Person, fields: { title: { field: T, rule: push only } } }\n    - { entity: Deal, fields: { name: { field: N, rule: push only } } }\n',
      /^3: Two sections of "Lead" write/,
    ],
  ])('%s', (_, text, expected) => {
    expect(complaints(text)[0]).toMatch(expected);
  });

  it('lists everything at once, and throws the first with the count of the rest', () => {
    const text = person('      titel: Title\n      phone: { field: P, rule: both }');
    expect(complaints(text)).toHaveLength(2);
    const thrown = () => compileMapping(text, { connection: 'crm', file: 'mappings/crm.yaml' });
    expect(thrown).toThrow(Problem);
    expect(thrown).toThrow(/has no field "titel"\. \(1 more problems in this file\)/);
    try {
      thrown();
    } catch (error) {
      expect(error).toMatchObject({ kind: 'configuration', where: 'mappings/crm.yaml:7', exitCode: 3 });
    }
  });

  it('says what is wrong with an alias that means nothing', () => {
    expect(complaints(person('      title: *nobody'))[0]).toMatch(/^\d+: This is not valid YAML: .*nobody/);
  });

  it('names only the first place where the YAML breaks: the rest follows from it', () => {
    const slip = readFileSync('mappings/hubspot.yaml', 'utf8').replace('objects:', 'objects: [');
    expect(complaints(slip)).toEqual([expect.stringMatching(/^24: This is not valid YAML: Nested mappings/)]);
  });

  it('takes no word for known that JavaScript happens to know', () => {
    const lines = '      constructor: A\n      title: { field: T, as: toString, table: valueOf }';
    expect(complaints(person(lines, '    match: { constructor: X }'))).toHaveLength(4);
  });

  it('says nothing of a mapping that is right', () => {
    expect(complaints(person('      custom.shoeSize: { field: Shoe__c, kind: number }'))).toEqual([]);
  });
});

describe('the version of a mapping', () => {
  const text = person(
    '      phone: { field: Phone, rule: two-way }',
    '  Contact: { entity: Person, fields: { email: Email } }',
  );

  it('changes with what matters, and only for the objects that it matters to', () => {
    const before = mapping(text);
    const after = mapping(text.replace('Phone, rule', 'Tel, rule'));
    expect(after.version).not.toBe(before.version);
    expect(objectOf(after, 'Lead').version).not.toBe(objectOf(before, 'Lead').version);
    expect(objectOf(after, 'Contact').version).toBe(objectOf(before, 'Contact').version);
  });

  it('does not change with comments, order of words and spacing', () => {
    const dressed = `# hello\n${text.replace('{ field: Phone, rule: two-way }', '{ rule: two-way,   field: Phone }')}\n# bye\n`;
    expect(mapping(dressed).version).toBe(mapping(text).version);
  });

  it('changes with the defaults and the connections that it was compiled for', () => {
    const versions = [
      mapping(text),
      mapping(text, { country: 'DE' }),
      mapping(text, { connection: 'crm-2' }),
    ];
    expect(new Set(versions.map(({ version }) => version)).size).toBe(3);
  });
});

describe('a compiled object', () => {
  const text = `system: crm
objects:
  Lead:
    entity: Person
    match: { email: Email, other/Thing: Twin__c }
    readOnly: { Locked: true }
    externalId: { field: Hub__c, provision: { label: Hub } }
    create: { when: { email: present }, send: [title], defaults: { Company: x } }
    relations: [{ type: person-organization, to: { Account: AccountId } }]
    fields:
      title: Title
      phone: { field: Phone, rule: "two-way, prefer other" }
      score: { field: Score__c, as: percent, rule: push only, silent: true, provision: { label: Score, type: percent, scale: 1 } }
      city: { field: City, rule: don't sync }
  Account: { entity: Organization, fields: { name: Name } }
`;
  const lead = objectOf(mapping(text, { connections: { other: 'other-1' } }), 'Lead');

  it('asks for every field that it reads or writes, once', () => {
    expect(lead.vendorFields).toEqual([
      'Title',
      'Phone',
      'Score__c',
      'City',
      'Email',
      'Twin__c',
      'AccountId',
      'Hub__c',
      'Locked',
    ]);
  });

  it('knows which way each field goes', () => {
    const ways = lead.fields.map(({ canonical, pulls, pushes, creates, silent }) => [
      canonical,
      pulls,
      pushes,
      creates,
      silent,
    ]);
    expect(ways).toEqual([
      ['title', true, false, true, false],
      ['phone', true, true, true, false],
      ['score', false, true, true, true],
      ['city', false, false, false, false],
    ]);
  });

  it('names connections where the file names systems', () => {
    expect(lead.fields[1]?.rule).toEqual({ kind: 'two-way', prefer: 'other-1' });
  });

  it('says what to provision, what never to write, and when to create', () => {
    expect(lead.provisions).toEqual([
      { object: 'Lead', name: 'Hub__c', label: 'Hub', type: 'text', unique: true, length: 64 },
      { object: 'Lead', name: 'Score__c', label: 'Score', type: 'percent', scale: 1 },
    ]);
    expect([lead.readOnly?.({ Locked: true }), lead.readOnly?.({ Locked: false })]).toEqual([true, false]);
    expect([lead.create?.when({ email: 'a@b.example' }), lead.create?.when({ email: null })]).toEqual([
      true,
      false,
    ]);
    expect([lead.externalId, lead.create?.defaults]).toEqual(['Hub__c', { Company: 'x' }]);
  });
});
