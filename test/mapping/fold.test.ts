import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CanonicalValue, Contribution } from '../../src/canonical/model.ts';
import { type FieldRule, foldEntity } from '../../src/mapping/folding/fold.ts';
import type { Rule } from '../../src/mapping/language/compiled.ts';
import { parseRule } from '../../src/mapping/language/words.ts';

const order = ['salesforce', 'hubspot', 'chatbot'];

interface Said {
  readonly by: string;
  readonly value: CanonicalValue;
  readonly at: number;
  /** Known only to be not later than `at`. */
  readonly atMost?: boolean;
  readonly rule?: string;
  readonly clear?: boolean;
  readonly withdrawn?: boolean;
}

/** `by` is `connection` or `connection/id` (object Contact). */
function fold(said: readonly Said[], systems = order) {
  const refs = said.map(({ by }, index) => ({
    connection: by.split('/')[0] ?? '',
    object: 'Contact',
    id: by.split('/')[1] ?? String(index),
  }));
  const contributions = said.map(
    ({ value, at, atMost, withdrawn }, index): Contribution => ({
      ref: refs[index] ?? { connection: '', object: '', id: '' },
      kind: 'Person',
      keys: [],
      values: { phone: { value, at, exact: !atMost } },
      createdAt: 0,
      withdrawn: withdrawn ?? false,
    }),
  );
  const rules = new Map(
    said.map(({ rule = 'two-way', clear }, index) => [refs[index]?.id, ruleFor(rule, clear)]),
  );
  const { fields, provenance, undecided } = foldEntity(contributions, (ref) => rules.get(ref.id), systems);
  return { phone: fields.phone, from: provenance.phone?.ref, why: provenance.phone?.rule, undecided };
}

function ruleFor(text: string, clear = false): FieldRule {
  const rule: Rule | null = parseRule(text);
  if (!rule) throw new Error(text);
  return { rule, blanks: clear ? 'clear' : 'keep' };
}

describe('fold by time', () => {
  it('takes the only value', () => {
    expect(fold([{ by: 'hubspot/1', value: 'H', at: 5 }])).toMatchObject({
      phone: 'H',
      from: 'hubspot|Contact|1',
      undecided: [],
    });
  });

  it('takes the latest of exact changes', () => {
    expect(
      fold([
        { by: 'salesforce', value: 'S', at: 5 },
        { by: 'hubspot', value: 'H', at: 6 },
      ]).phone,
    ).toBe('H');
  });

  it('takes an exact change after the latest moment at which the other can have changed', () => {
    const said: Said[] = [
      { by: 'salesforce', value: 'S', at: 5, atMost: true },
      { by: 'hubspot', value: 'H', at: 6 },
    ];
    expect(fold(said)).toMatchObject({ phone: 'H', undecided: [] });
  });

  it('leaves it undecided when the other may have changed later', () => {
    const said: Said[] = [
      { by: 'salesforce/s', value: 'S', at: 9, atMost: true },
      { by: 'hubspot/h', value: 'H', at: 6 },
    ];
    expect(fold(said)).toMatchObject({
      phone: 'S',
      undecided: [
        {
          field: 'phone',
          chosen: 'salesforce|Contact|s',
          candidates: [
            { ref: 'salesforce|Contact|s', value: 'S' },
            { ref: 'hubspot|Contact|h', value: 'H' },
          ],
        },
      ],
    });
  });

  it('lets the preferred system win what time cannot settle', () => {
    const rule = 'two-way, prefer hubspot';
    const said: Said[] = [
      { by: 'salesforce', value: 'S', at: 9, atMost: true, rule },
      { by: 'hubspot', value: 'H', at: 6, atMost: true, rule },
    ];
    expect(fold(said)).toMatchObject({ phone: 'H', why: expect.stringContaining('preferred system') });
    expect(fold(said).undecided).toHaveLength(1);
  });

  it('does not ask for preference where time is known', () => {
    const rule = 'two-way, prefer hubspot';
    expect(
      fold([
        { by: 'salesforce', value: 'S', at: 9, rule },
        { by: 'hubspot', value: 'H', at: 6, rule },
      ]).phone,
    ).toBe('S');
  });

  it('settles equal times by the order of systems, without asking anybody', () => {
    const said: Said[] = [
      { by: 'hubspot', value: 'H', at: 6 },
      { by: 'salesforce', value: 'S', at: 6 },
    ];
    expect(fold(said)).toMatchObject({ phone: 'S', undecided: [] });
    expect(fold(said, ['hubspot', 'salesforce']).phone).toBe('H');
  });

  it('has nothing to decide where all say the same', () => {
    const money = { minor: 100, currency: 'USD' };
    const said: Said[] = [
      { by: 'salesforce', value: money, at: 9, atMost: true },
      { by: 'hubspot', value: { ...money }, at: 6, atMost: true },
    ];
    expect(fold(said)).toMatchObject({ phone: money, undecided: [] });
  });

  it('takes the later of several records of one system, and settles ties by ref', () => {
    expect(
      fold([
        { by: 'salesforce/a', value: 'A', at: 5 },
        { by: 'salesforce/b', value: 'B', at: 6 },
      ]).phone,
    ).toBe('B');
    expect(
      fold([
        { by: 'salesforce/b', value: 'B', at: 6 },
        { by: 'salesforce/a', value: 'A', at: 6 },
      ]).phone,
    ).toBe('A');
  });

  it('ignores what an outdated third says', () => {
    const said: Said[] = [
      { by: 'salesforce', value: 'S', at: 1, atMost: true },
      { by: 'hubspot', value: 'H', at: 6 },
      { by: 'chatbot', value: 'C', at: 5 },
    ];
    expect(fold(said)).toMatchObject({ phone: 'H', undecided: [] });
  });

  it('hears nothing from withdrawn records', () => {
    expect(
      fold([
        { by: 'salesforce', value: 'S', at: 9, withdrawn: true },
        { by: 'hubspot', value: 'H', at: 1 },
      ]).phone,
    ).toBe('H');
    expect(fold([{ by: 'salesforce', value: 'S', at: 9, withdrawn: true }]).phone).toBeUndefined();
  });
});

describe('fold by owner rules', () => {
  it('always uses the master, however old its value', () => {
    const rule = 'always-use salesforce';
    const said: Said[] = [
      { by: 'salesforce', value: 'S', at: 1, rule },
      { by: 'hubspot', value: 'H', at: 9, rule },
    ];
    expect(fold(said)).toMatchObject({ phone: 'S', why: 'always-use salesforce' });
  });

  it('knows a rule that only one of the mappings states', () => {
    expect(
      fold([
        { by: 'salesforce', value: 'S', at: 1 },
        { by: 'hubspot', value: 'H', at: 9, rule: 'always-use salesforce' },
      ]).phone,
    ).toBe('S');
  });

  it('uses others where the master has no record', () => {
    expect(fold([{ by: 'hubspot', value: 'H', at: 9, rule: 'always-use salesforce' }]).phone).toBe('H');
  });

  it('prefers a system unless it is blank there', () => {
    const rule = 'prefer salesforce unless blank';
    expect(
      fold([
        { by: 'salesforce', value: 'S', at: 1, rule },
        { by: 'hubspot', value: 'H', at: 9, rule },
      ]).phone,
    ).toBe('S');
    expect(
      fold([
        { by: 'salesforce', value: null, at: 1, rule, clear: true },
        { by: 'hubspot', value: 'H', at: 9, rule },
      ]).phone,
    ).toBe('H');
  });

  it('lets the strictest rule of the most trusted system decide where mappings disagree', () => {
    const said: Said[] = [
      { by: 'salesforce', value: 'S', at: 1, rule: 'always-use hubspot' },
      { by: 'hubspot', value: 'H', at: 2, rule: 'always-use salesforce' },
    ];
    expect(fold(said).phone).toBe('H');
  });

  it('fills a gap with what a visitor typed, and overwrites nothing with it', () => {
    const rule = 'pull only if blank';
    expect(fold([{ by: 'chatbot', value: 'C', at: 9, rule }]).phone).toBe('C');
    expect(
      fold([
        { by: 'chatbot', value: 'C', at: 9, rule },
        { by: 'hubspot', value: null, at: 1 },
      ]).phone,
    ).toBe('C');
    expect(
      fold([
        { by: 'chatbot', value: 'C', at: 9, rule },
        { by: 'hubspot', value: 'H', at: 1 },
      ]).phone,
    ).toBe('H');
  });
});

describe('fold of beginnings', () => {
  const created = (id: string, value: number, at: number): Contribution => ({
    ref: { connection: id, object: 'Contact', id },
    kind: 'Person',
    keys: [],
    values: { createdAt: { value, at, exact: false } },
    createdAt: value,
    withdrawn: false,
  });

  it('takes the earliest: a person exists since the first system knew of them', () => {
    const said = [created('salesforce', 500, 900), created('hubspot', 300, 800)];
    const { fields, undecided } = foldEntity(said, () => undefined, order);
    expect([fields.createdAt, undecided]).toEqual([300, []]);
  });
});

describe('fold and blanks', () => {
  it('keeps the value: a blank says nothing', () => {
    expect(
      fold([
        { by: 'salesforce', value: null, at: 9 },
        { by: 'hubspot', value: 'H', at: 1 },
      ]).phone,
    ).toBe('H');
    expect(fold([{ by: 'salesforce', value: null, at: 9 }]).phone).toBeUndefined();
  });

  it('clears where the rule says so and the blank is provably later', () => {
    expect(
      fold([
        { by: 'salesforce', value: null, at: 9, clear: true },
        { by: 'hubspot', value: 'H', at: 1 },
      ]).phone,
    ).toBeNull();
  });

  it('clears nothing on suspicion', () => {
    const said: Said[] = [
      { by: 'salesforce', value: null, at: 9, atMost: true, clear: true },
      { by: 'hubspot', value: 'H', at: 1, atMost: true },
    ];
    expect(fold(said).phone).toBe('H');
    expect(fold(said).undecided).toHaveLength(1);
  });
});

describe('fold, whatever the order of arrival', () => {
  const said = fc.record({
    by: fc.constantFrom(
      'salesforce/1',
      'salesforce/2',
      'salesforce/3',
      'hubspot/1h',
      'hubspot/2h',
      'chatbot/c',
      'other/o',
    ),
    value: fc.constantFrom<CanonicalValue>('A', 'B', 'C', null),
    at: fc.integer({ min: 1, max: 4 }),
    atMost: fc.boolean(),
    clear: fc.boolean(),
    withdrawn: fc.boolean(),
    rule: fc.constantFrom(
      'two-way',
      'two-way, prefer hubspot',
      'two-way, prefer salesforce',
      'always-use hubspot',
      'prefer salesforce unless blank',
      'pull only',
      'pull only if blank',
    ),
  });
  const distinct = fc.uniqueArray(said, { selector: ({ by }) => by, maxLength: 7 });
  const withShuffle = distinct.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );

  it('gives the same', () => {
    fc.assert(
      fc.property(withShuffle, ([all, shuffled]) => {
        expect(fold(shuffled)).toEqual(fold(all));
      }),
      { numRuns: 2_000 },
    );
  });

  it('takes only a value that some live record has, and never a blank over a later or unordered value by itself', () => {
    fc.assert(
      fc.property(distinct, (all) => {
        const { phone } = fold(all);
        const live = all.filter(({ withdrawn }) => !withdrawn);
        if (phone === undefined)
          expect(live.every(({ value, clear }) => value === null && !clear)).toBe(true);
        else expect(live.some(({ value, clear }) => value === phone && (value !== null || clear))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is undecided only between different values', () => {
    fc.assert(
      fc.property(distinct, (all) => {
        for (const { candidates } of fold(all).undecided) {
          expect(new Set(candidates.map(({ value }) => value)).size).toBeGreaterThan(1);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
