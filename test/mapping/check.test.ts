import { describe, expect, it } from 'vitest';
import type { FieldDescription } from '../../src/connector/contract/fields.ts';
import { adviseMapping, checkMapping } from '../../src/mapping/checking/check.ts';
import { checkTogether } from '../../src/mapping/checking/together.ts';
import { mapping, shipped, systems } from './sample.ts';

const text = `system: crm
tables: { status: { New: new, Wonn: won } }
objects:
  Lead:
    entity: Person
    match: { email: Email }
    relations: [{ type: person-organization, to: { Account: Account.Id } }]
    externalId: { field: Hub__c, provision: { label: Hub } }
    create: { when: { email: present }, send: [lastName], defaults: { Company: "-" } }
    fields:
      email: Email
      lastName: LastName
      phone: { field: Phone, rule: two-way }
      status: { field: Status, table: status }
      createdAt: CreatedDate
      owner: Keeper__c?
      score: { field: Score__c, rule: push only, provision: { label: Score } }
  Account: { entity: Organization, fields: { name: Name } }
`;

const lead: Record<string, Partial<FieldDescription>> = {
  Email: { type: 'email' },
  LastName: { required: true },
  Company: { required: true },
  Phone: { type: 'phone' },
  Status: { type: 'picklist', options: ['New', 'Won'] },
  CreatedDate: { type: 'time', writable: false },
  AccountId: { type: 'reference' },
  Hub__c: { unique: true },
  Score__c: { type: 'number' },
};

type Changes = Record<string, Partial<FieldDescription> | null>;

function described(changes: Changes = {}) {
  const fields = Object.entries({ ...lead, ...changes }).flatMap(([name, field]): FieldDescription[] =>
    field === null ? [] : [{ name, label: name, type: 'text', readable: true, writable: true, ...field }],
  );
  return new Map([['Lead', fields]]);
}

function findings(changes?: Changes) {
  return checkMapping(mapping(text.replace('Wonn', 'Won')), described(changes)).map(String);
}

describe('a mapping against what the CRM has', () => {
  it('finds nothing wrong where nothing is', () => {
    expect(findings()).toEqual([]);
  });

  it.each<[string, Changes, RegExp]>([
    [
      'a missing field',
      { Phone: null, Phones: {} },
      /^mappings\/crm\.yaml:13: Lead has no field "Phone", or .* Did you mean "Phones"\?/,
    ],
    [
      'a field in the wrong case',
      { Email: null, email: {} },
      /^mappings\/crm\.yaml:6: .*"Email".*Did you mean "email"\?/,
    ],
    [
      'the relationship of a path',
      { AccountId: null },
      /^mappings\/crm\.yaml:7: Lead has no field "Account\.Id"/,
    ],
    [
      'a field that cannot be written',
      { Phone: { type: 'phone', writable: false } },
      /^mappings\/crm\.yaml:13: Lead\.Phone cannot be written\./,
    ],
    [
      'the wrong type',
      { Phone: { type: 'boolean' } },
      /^mappings\/crm\.yaml:13: Lead\.Phone is of type boolean; "phone" is of kind phone\./,
    ],
    [
      'a type that could be read, but not written',
      { Score__c: { type: 'text' } },
      /^mappings\/crm\.yaml:17: Lead\.Score__c is of type text/,
    ],
    [
      'an option that is not offered',
      { Status: { type: 'picklist', options: ['New', 'Wonderful'] } },
      /^mappings\/crm\.yaml:14: Lead\.Status does not offer "Won"\. Use one of: New, Wonderful\./,
    ],
    [
      'fields to provision, all in one line',
      { Hub__c: null, Score__c: null },
      /^mappings\/crm\.yaml:4: Lead lacks what the hub writes: Hub__c, Score__c\. Run `hub provision crm`/,
    ],
    [
      'an external id that is not unique',
      { Hub__c: { unique: false } },
      /^mappings\/crm\.yaml:4: Lead\.Hub__c is not unique/,
    ],
    [
      'what a new record needs',
      { Rating: { required: true } },
      /^mappings\/crm\.yaml:4: A new Lead needs "Rating", which the mapping does not send\./,
    ],
  ])('names %s', (_, changes, expected) => {
    expect(findings(changes)[0]).toMatch(expected);
  });

  it.each<[string, Changes, RegExp | null]>([
    [
      'a slip of the finger',
      { Score__c: null, Scores__c: { type: 'number' } },
      /^mappings\/crm\.yaml:17: Lead has no field "Score__c"\. Did you mean "Scores__c", which is there\? If not, `hub provision --apply --as-written` creates it\.$/,
    ],
    [
      'underscores and case',
      { Hub__c: null, HUB_c: {} },
      /^mappings\/crm\.yaml:4: .*"Hub__c".*Did you mean "HUB_c"/,
    ],
    ['the same label', { Score__c: null, Points__c: { label: 'score' } }, /:17: .*Did you mean "Points__c"/],
    ['another field of the mapping', { Score__c: null, Hub__c: { unique: true } }, null],
    ['a field far from it', { Score__c: null, Sector__c: {} }, null],
  ])('doubts a field that would be created: %s', (_, changes, expected) => {
    const doubts = findings(changes).filter((text) => text.includes('--as-written'));
    if (expected === null) expect(doubts).toEqual([]);
    else expect(doubts).toEqual([expect.stringMatching(expected)]);
  });

  it('advises of options that no table knows, and of nothing where it knows all', () => {
    const advice = (options: string[]) =>
      adviseMapping(
        mapping(text.replace('Wonn', 'Won')),
        described({ Status: { type: 'picklist', options } }),
      ).map(String);
    expect(advice(['new', 'Won'])).toEqual([]);
    expect(advice(['New', 'Won', 'Nurturing', 'On hold'])).toEqual([
      expect.stringMatching(
        /^mappings\/crm\.yaml:14: Lead\.Status offers "Nurturing", "On hold", which the table of "status" does not know/,
      ),
    ]);
  });

  it('asks for nothing that the CRM sets by itself', () => {
    expect(findings({ Id: { required: true, writable: false } })).toEqual([]);
  });

  it('leaves objects alone that nobody described', () => {
    expect(checkMapping(mapping(text), new Map())).toEqual([]);
  });
});

describe('mappings against each other', () => {
  const one = (system: string, rule: string) =>
    mapping(
      `system: ${system}\nobjects: { X: { entity: Person, fields: { phone: { field: P, rule: "${rule}" } } } }`,
      {
        connection: system,
        file: `mappings/${system}.yaml`,
      },
    );
  const together = (a: string, b: string) => checkTogether([one('a', a), one('b', b)]).map(String);

  it('agree when they name the same owner, or one names none', () => {
    expect(together('two-way, prefer a', 'two-way, prefer a')).toEqual([]);
    expect(together('always-use a', 'pull only')).toEqual([]);
  });

  it('disagree when each names another', () => {
    expect(together('always-use a', 'prefer b unless blank')).toEqual([
      'mappings/b.yaml:2: Person.phone is "prefer b unless blank" here and "always-use a" in mappings/a.yaml:2. Let one system own the field: name the same one in both.',
    ]);
  });

  it('may not name a system that is not there', () => {
    expect(together('always-use c', 'pull only')[0]).toMatch(
      /^mappings\/a\.yaml:2: The rule "always-use c" names "c", which is neither a system nor a connection\./,
    );
  });

  it('may prefer a system that this hub does without', () => {
    expect(checkTogether([shipped('hubspot')]).map(String)).toHaveLength(5);
    expect(checkTogether([shipped('hubspot')], systems)).toEqual([]);
  });

  it('may not push what nobody has', () => {
    expect(together('push only', 'push only')[0]).toMatch(/"phone" is pushed, but no mapping pulls it/);
    expect(together('push only', 'pull only')).toEqual([]);
  });

  it('agree as they are shipped', () => {
    expect(checkTogether(systems.map((system) => shipped(system))).map(String)).toEqual([]);
  });
});
