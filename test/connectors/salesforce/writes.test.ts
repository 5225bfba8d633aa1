import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupsOf, keyOf, toCsvFields, toRestFields } from '../../../connectors/salesforce/write/writes.ts';
import type { Write } from '../../../src/connector/contract/writing.ts';
import { soleField } from '../../../src/connector/naming.ts';

function upsert(key: string, value: string, fields: Write['fields'] = {}): Write {
  return { key, op: 'upsert', alternateKey: { Hub_Id__c: value }, fields };
}

function update(key: string, id: string, fields: Write['fields'] = {}): Write {
  return { key, op: 'update', id, fields };
}

describe('fields of a write', () => {
  const chat = { object: 'Opportunity', field: 'Hub_Id__c', value: 'D-1' };

  it('name a parent by its external id, with the type first', () => {
    const body = toRestFields({ Opportunity__c: chat, AccountId: { ...chat, object: 'Account' } });
    expect(JSON.stringify(body)).toBe(
      '{"Opportunity__r":{"attributes":{"type":"Opportunity"},"Hub_Id__c":"D-1"},' +
        '"Account":{"attributes":{"type":"Account"},"Hub_Id__c":"D-1"}}',
    );
  });

  it('name a parent by its record id as it is', () => {
    const byId = { object: 'Account', field: 'Id', value: '001000000000001AAA' };
    expect(toRestFields({ AccountId: byId })).toEqual({ AccountId: '001000000000001AAA' });
    expect(toCsvFields({ AccountId: byId })).toEqual({ AccountId: '001000000000001AAA' });
  });

  it('keep values, clear with null, and join what a multi-select picklist holds', () => {
    expect(toRestFields({ Amount: 0, Done__c: false, Phone: null, Topics__c: ['a', 'b'] })).toEqual({
      Amount: 0,
      Done__c: false,
      Phone: null,
      Topics__c: 'a;b',
    });
  });

  it('become columns of a CSV; a relationship to several objects says which', () => {
    const lead = { object: 'Lead', field: 'Hub_Id__c', value: 'P-1' };
    expect(
      toCsvFields({ Opportunity__c: chat, WhoId: lead, Amount: 12.5, Done__c: true, Phone: null }),
    ).toEqual({
      'Opportunity__r.Hub_Id__c': 'D-1',
      'Lead:Who.Hub_Id__c': 'P-1',
      Amount: '12.5',
      Done__c: 'true',
      Phone: null,
    });
  });

  it('that a CSV cannot tell are left to other calls', () => {
    expect(toCsvFields({ Location__c: { latitude: 1, longitude: 2 } })).toBeNull();
  });
});

describe('groups of writes', () => {
  it('hold one operation each, and upserts one external-id field', () => {
    const other: Write = { ...upsert('c', 'x'), alternateKey: { Other__c: 'x' } };
    const gone: Write = { key: 'd', op: 'delete', id: '00Q000000000002EAA', fields: {} };
    const groups = groupsOf([upsert('a', 'x'), update('b', '00Q000000000001EAA'), other, gone]);
    expect(groups.map(({ method, writes }) => [method, writes.map(({ key }) => key)])).toEqual([
      [{ op: 'delete' }, ['d']],
      [{ op: 'update' }, ['b']],
      [{ op: 'upsert', field: 'Hub_Id__c' }, ['a']],
      [{ op: 'upsert', field: 'Other__c' }, ['c']],
    ]);
  });

  it('never name one record twice, and keep the order of its writes', () => {
    const target = fc.constantFrom('A', 'a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(target, { maxLength: 12 }), (targets) => {
        const writes = targets.map((value, n) => upsert(String(n), value));
        const groups = groupsOf(writes);
        for (const { writes: group } of groups) {
          const names = group.map((write) => soleField(write.alternateKey)?.value.toLowerCase());
          expect(new Set(names).size).toBe(names.length);
        }
        const sent = groups.flatMap((group) => group.writes);
        expect(sent).toHaveLength(writes.length);
        for (const name of ['a', 'b', 'c']) {
          const order = sent
            .filter((write) => soleField(write.alternateKey)?.value.toLowerCase() === name)
            .map(({ key }) => Number(key));
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
      }),
    );
  });

  it('take 15 and 18 characters for the same record', () => {
    const groups = groupsOf([update('a', '0014S000007NxmlQAC'), update('b', '0014S000007Nxml')]);
    expect(groups).toHaveLength(2);
    expect(groups.map(({ method, writes: [write] }) => write && keyOf(method, write))).toEqual([
      '0014S000007NxmlQAC',
      '0014S000007NxmlQAC',
    ]);
  });

  it('put records of one parent together', () => {
    const [a, b] = ['006000000000001AAA', '006000000000002AAA'];
    for (const field of ['OpportunityId', 'Deal__c']) {
      const child = (key: string, parent: string) => upsert(key, key, { Topic__c: key, [field]: parent });
      const [group] = groupsOf([child('1', b), child('2', a), child('3', b), child('4', a)]);
      expect(group?.writes.map(({ key }) => key)).toEqual(['2', '4', '1', '3']);
    }
  });
});
