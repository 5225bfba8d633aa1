/** When a deal's credit changes by the passing of time alone. */
import { expect, it } from 'vitest';
import type { Entity } from '../../src/canonical/model.ts';
import { changesAt, type Passing } from '../../src/journey/passing.ts';

const day = 86_400_000;
const base: Passing = {
  ...{ lookbackDays: 30, window: 'opened', touches: 'once', now: 100 * day },
  ...{ oldest: 90 * day, next: undefined, othersClose: undefined },
};

function deal(fields: Entity['fields']): Entity {
  return { id: 'a', kind: 'Deal', fields, provenance: {}, members: [], withdrawn: false };
}

const open = deal({ status: 'open', createdAt: 80 * day });
const won = (closed: number) => deal({ status: 'won', createdAt: 80 * day, closedAt: closed * day });

it.each<[string, Entity, Partial<Passing>, number | null]>([
  ['never for an open deal', open, {}, null],
  ['when a meeting takes place', open, { next: 110 * day }, 110],
  ['when a touch falls out of a window that moves', open, { window: 'end' }, 120],
  ['the same where nobody knows the opening', deal({ status: 'open' }), {}, 120],
  ['when the first of several comes', open, { window: 'end', next: 130 * day, othersClose: 105 * day }, 105],
  ['when another deal of its people is closed', open, { othersClose: 104 * day }, 104],
  ['at the close of a deal that is closed ahead', won(112), {}, 112],
  ['never once it is closed', won(95), { window: 'end', next: 110 * day, othersClose: 104 * day }, null],
  ['never by what has passed', open, { next: 100 * day, othersClose: 99 * day }, null],
])('%s', (_, of, passing, at) => {
  const changes = changesAt(of, { ...base, ...passing });
  expect(changes === null ? null : changes / day).toBe(at);
});
