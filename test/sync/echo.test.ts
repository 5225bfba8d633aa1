/** What is left of our value after a vendor made its own of it, and what is news. */
import { expect, it } from 'vitest';
import type { LandedRecord } from '../../src/store/contract/landing.ts';
import type { FieldMemory } from '../../src/store/contract/outbox.ts';
import { lossilyEqual, recognise, successors } from '../../src/sync/echo.ts';

it.each([
  ['+12125550100', '(212) 555-0100', true],
  ['+4930901820', '030 901820', true],
  ['+12125550100', '+1 212 555 0100', true],
  ['+12125550100', '(212) 555-0199', false],
  ['+12125550100', '0100', false],
  ['21000000', '1000000', false],
  [21_000_000, '1000000', false],
  ['cto', 'CTO', true],
])('%j, read back as %j', (sent, held, is) => {
  expect(lossilyEqual(sent, held)).toBe(is);
});

const ref = { connection: 'sf', object: 'Contact', id: '1' };
const memory: FieldMemory = {
  ...{ status: 'written', ref: 'sf|Contact|1', field: 'Phone', path: 'Phone', canonical: 'phone' },
  ...{ sent: 'ours', value: 'ours', valueAt: 7, valueExact: true, basis: 10, repeats: 0 },
};

function landed(Phone: string, modifiedAt: number, byUs = false): LandedRecord {
  const times = { createdAt: 1, modifiedAt, since: 1, toldTimes: {}, changes: {}, past: {} };
  return { ref, body: { Phone }, byUs, ...times };
}

it('takes what follows our own value for a change, also when a later write of ours has signed it', () => {
  const { learned } = recognise(landed('ours', 20), [memory]);
  expect(learned).toEqual([{ ...memory, answer: 'ours', basis: 20 }]);
  for (const record of [landed('theirs', 20), landed('theirs', 30, true)])
    expect(recognise(record, learned)).toMatchObject({ overtaken: [{ status: 'overtaken' }], echoes: [] });
});

it('says nothing of a record as it was when we wrote, and takes the first look after that for the answer', () => {
  expect(recognise(landed('before', 10), [memory])).toMatchObject({ overtaken: [], learned: [] });
  expect(recognise(landed('OURS!', 20, true), [memory])).toMatchObject({ learned: [{ answer: 'OURS!' }] });
});

it('puts what overtook our value after it, whatever its stamp says', () => {
  const said = (at: number, exact: boolean) => ({
    ...{ ref, kind: 'Person' as const, keys: [], createdAt: 1, withdrawn: false },
    values: { phone: { value: 'theirs', at, exact } },
  });
  const later = (at: number, exact: boolean) => successors([said(at, exact)], [memory])[0]?.values.phone;
  expect(later(5, true)).toEqual({ value: 'theirs', at: 8, exact: true });
  expect(later(9, false)).toEqual({ value: 'theirs', at: 9, exact: true });
  expect(later(9, true)).toEqual({ value: 'theirs', at: 9, exact: true });
  expect(successors([said(5, true)], [])).toEqual([said(5, true)]);
});
