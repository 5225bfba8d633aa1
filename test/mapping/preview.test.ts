import { describe, expect, it } from 'vitest';
import { previewRecord } from '../../src/mapping/checking/preview.ts';
import { mapping, objectOf, record } from './sample.ts';

const text = `system: crm
root: props
objects:
  Lead:
    entity: Person
    match: { email: E }
    fields:
      email: E
      title: T
      phone: { field: P, blanks: clear }
      city: { field: C, when: { Kind: a } }
      status: { field: S, table: { x: y } }
      score: { field: N, rule: push only }
      country: { field: L, rule: don't sync }
      firstName: { field: F, as: { jsonata: "$uppercase(F)" } }
      website: W
`;

describe('a preview', () => {
  const body = {
    props: { E: 'A@b.example', T: '', P: null, C: 'Oslo', S: 'z', N: 3, F: 'ann', Kind: 'b', Extra: 1 },
    meta: { at: 5, none: null },
  };

  it('says of every field what becomes of it, and why', async () => {
    const { fields } = await previewRecord(objectOf(mapping(text), 'Lead'), record('Lead', '1', body));
    expect(fields.map(({ canonical, raw, value, why }) => [canonical, raw, value, why])).toEqual([
      ['email', 'A@b.example', 'a@b.example', 'transformed'],
      ['title', '', null, 'blank, overwrites nothing'],
      ['phone', null, null, 'blank, and a blank may clear it elsewhere'],
      ['city', 'Oslo', undefined, 'left out: its condition does not hold'],
      ['status', 'z', 'z', 'the table has no line for "z"; it is kept as it is'],
      ['score', 3, undefined, 'written by the hub, not read'],
      ['country', undefined, undefined, 'not synced'],
      ['firstName', 'ann', 'ANN', 'transformed'],
      ['website', undefined, undefined, 'not in this record'],
    ]);
    expect(fields[4]).toMatchObject({ vendor: 'S', line: 12, rule: 'pull only' });
  });

  it('names what no line of the mapping reads', async () => {
    const { unread } = await previewRecord(objectOf(mapping(text), 'Lead'), record('Lead', '1', body));
    expect(unread).toEqual(['props.Extra', 'meta.at']);
  });
});
