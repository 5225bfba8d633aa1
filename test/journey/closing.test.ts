/** When a deal was closed, out of its history. */
import { describe, expect, it } from 'vitest';
import { type CanonicalEvent, eventId } from '../../src/canonical/events.ts';
import { closingOf } from '../../src/journey/closing.ts';
import type { Json } from '../../src/support/json.ts';

const day = 86_400_000;
const source = { connection: 'crm', object: 'deal', id: '1' };

function change(type: CanonicalEvent['type'], at: number, data: Record<string, Json> = {}): CanonicalEvent {
  const id = eventId(source, type, String(at));
  return { id, type, time: at * day, source, subject: 'id:crm:deal:1', data };
}

/** `prospecting 1, won 5`: stages and the days on which the deal entered them. */
function stages(text: string): CanonicalEvent[] {
  return text.split(', ').map((entry) => {
    const [stage = '', at = ''] = entry.split(' ');
    return change('deal.stage_changed', Number(at), { stage });
  });
}

function closed(changes: CanonicalEvent[], stage: string | null = null) {
  const closing = closingOf(changes, stage);
  return closing && [closing.at / day, closing.wasOpen];
}

describe('the close of a deal', () => {
  it('is its first entry into a closed stage', () => {
    expect(closed(stages('prospecting 1, proposal 3, won 5'))).toEqual([5, true]);
    expect(closed(stages('prospecting 1, lost 5, won 6, lost 9'))).toEqual([5, true]);
    expect(closed(stages('prospecting 1, won 5, won 6, won 7'))).toEqual([5, true]);
  });

  it('knows the present stage of a closed deal as closed, whatever it is called', () => {
    expect(closed(stages('prospecting 1, Renewed 5, won 8'), 'won')).toEqual([8, true]);
    expect(closed(stages('prospecting 1, Renewed 5'), 'Renewed')).toEqual([5, true]);
    expect(closed(stages('prospecting 1, won 5, Renewed 8'), 'Renewed')).toEqual([5, true]);
  });

  it('knows a stage as closed that its system says is', () => {
    const [before, signed, paid] = stages('prospecting 1, Signed 5, Paid 8');
    if (!before || !signed || !paid) throw new Error('three changes were told');
    const won = (one: CanonicalEvent) => ({ ...one, data: { ...one.data, closed: true } });
    const open = { ...before, data: { ...before.data, closed: false } };
    expect(closed([open, won(signed), won(paid)], 'Paid')).toEqual([5, true]);
  });

  it('is the last one of a deal that was reopened, unless that was a correction of less than a day', () => {
    expect(closed(stages('prospecting 1, lost 5, proposal 9, won 20'))).toEqual([20, true]);
    expect(closed(stages('prospecting 1, won 5, proposal 9, won 9.5'))).toEqual([5, true]);
    expect(closed(stages('prospecting 1, won 5, proposal 9, review 9.5, won 9.9'))).toEqual([5, true]);
    expect(closed(stages('prospecting 1, won 5, proposal 9, review 9.5, won 10'))).toEqual([10, true]);
  });

  it('tells nothing of a deal that is open by its history, or has none', () => {
    expect(closed(stages('prospecting 1, won 5, proposal 9'))).toBeNull();
    expect(closed([])).toBeNull();
    expect(closed([change('deal.stage_changed', 3)])).toBeNull();
  });

  it('says of a deal that came closed that nobody has seen it open', () => {
    expect(closed(stages('won 5'))).toEqual([5, false]);
    expect(closed(stages('won 5, lost 8'))).toEqual([5, false]);
    expect(closed([change('deal.closed', 5)])).toEqual([5, false]);
  });

  it('goes by what a system itself calls closed, where it does', () => {
    const told = [
      ...stages('prospecting 1, won 4'),
      change('deal.closed', 6, { wasOpen: true }),
      change('deal.reopened', 8),
      change('deal.closed', 12, { wasOpen: true }),
    ];
    expect(closed(told)).toEqual([12, true]);
    expect(closed(told.slice(0, 3))).toEqual([6, true]);
    expect(closed(told.slice(0, 4))).toBeNull();
  });

  it('goes by its stages where they reach back further', () => {
    const late = [...stages('prospecting 1, won 4'), change('deal.closed', 60)];
    expect(closed(late)).toEqual([4, true]);
    expect(closed([...stages('won 70'), change('deal.closed', 60)])).toEqual([60, false]);
  });
});
