import { describe, expect, it } from 'vitest';
import { likelyPeople, type PersonSketch } from '../../src/identity/likely-people.ts';
import { weigh } from '../../src/identity/weights.ts';

const anna = { firstName: 'Anna', lastName: 'Berg' };

function sketch(
  id: string,
  connection: string,
  fields: PersonSketch['fields'],
  organizations: string[] = [],
): PersonSketch {
  return {
    id,
    fields,
    records: new Map([[connection, `Person|${connection}|Contact|${id}`]]),
    organizations,
  };
}

describe('match weights', () => {
  it('are log2(m / u) of each field that both sides know, and add up to the total', () => {
    const { weights, total } = weigh({ name: 'the same', phone: 'different', email: null, city: 'the same' });
    expect(weights).toEqual([
      { field: 'name', level: 'the same', bits: 10.7 },
      { field: 'phone', level: 'different', bits: -1 },
      { field: 'city', level: 'the same', bits: 3.8 },
    ]);
    expect(total).toBeCloseTo(
      weights.reduce((sum, { bits }) => sum + bits, 0),
      9,
    );
  });

  it('speak for what agrees and against what differs', () => {
    const all = ['email', 'name', 'phone', 'organization', 'city', 'amount'] as const;
    for (const field of all) {
      expect(weigh({ [field]: 'the same' }).total).toBeGreaterThan(0);
      expect(weigh({ [field]: 'different' }).total).toBeLessThan(0);
    }
  });
});

describe('likely people', () => {
  const crm = sketch('a', 'sf', { ...anna, email: 'anna@a.example', phone: '+12125550100' });

  it('have one name and something else in common, in two systems', () => {
    const other = sketch('b', 'hs', { ...anna, email: 'anna.private@b.example', mobile: '+12125550100' });
    const [pair] = likelyPeople([other, crm]);
    expect(pair?.people.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(pair?.weights.map(({ field, level }) => `${field} ${level}`)).toEqual([
      'email different',
      'name the same',
      'phone the same',
    ]);
  });

  it.each<[string, PersonSketch]>([
    ['nothing but a name in common', sketch('b', 'hs', anna)],
    ['a record in the same system', sketch('b', 'sf', { ...anna, phone: '+12125550100' })],
    ['another name', sketch('b', 'hs', { firstName: 'Bert', lastName: 'Berg', phone: '+12125550100' })],
  ])('are none with %s', (_, other) => {
    expect(likelyPeople([crm, other])).toEqual([]);
  });

  it('are found by a common organization', () => {
    const some = [sketch('a', 'sf', anna, ['acme']), sketch('b', 'hs', anna, ['acme'])];
    expect(likelyPeople(some)).toHaveLength(1);
  });
});
