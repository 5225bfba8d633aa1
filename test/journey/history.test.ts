/** What there was of people before their first touch: the same in the data of a fit and in the journey of a deal. */
import { describe, expect, it } from 'vitest';
import type { CanonicalEvent, EventType } from '../../src/canonical/events.ts';
import type { Entity, EventData } from '../../src/canonical/model.ts';
import { buildJourney } from '../../src/journey/build.ts';
import { historiesIn, parseCovariate } from '../../src/journey/covariates.ts';
import { historyOf } from '../../src/journey/history.ts';

const dayMs = 86_400_000;
const start = Date.parse('2026-01-01T00:00:00Z');
const at = (day: number) => start + day * dayMs;

let events = 0;
function event(type: EventType, day: number, data: EventData = {}): CanonicalEvent {
  events += 1;
  const id = String(events);
  const source = { connection: 'crm', object: 'Activity', id };
  return { id, type, time: at(day), source, subject: 'email:a@example.com', data };
}

function entity(kind: Entity['kind'], id: string, fields: Entity['fields']): Entity {
  return { id, kind, fields, provenance: {}, members: [], withdrawn: false };
}

const covariates = ['log(Person.daysKnown)', 'Person.earlierMails'].flatMap(
  (name) => parseCovariate(name) ?? [],
);
const person = entity('Person', 'p', { createdAt: at(0) });

describe('what came before the first touch', () => {
  it('is how long a person was known, and mails by systems, sent and opened', () => {
    const told = [
      event('touch.email_sent', 2),
      event('touch.email_opened', 3),
      event('touch.email_sent', 4, { channel: 'Sales' }),
      event('touch.email_opened', 10),
      event('touch.email_sent', 30),
    ];
    expect(historyOf(person, told, at(10))).toEqual({ daysKnown: 10, earlierMails: 2 });
  });

  it('is nothing of those who were first known by a touch, or later', () => {
    expect(historyOf(entity('Person', 'p', { createdAt: at(12) }), [], at(10)).daysKnown).toBe(0);
    expect(historyOf(undefined, [], at(10)).daysKnown).toBe(0);
  });

  it('is the mean over people, and not known where nobody has a touch', () => {
    const two = [
      { daysKnown: 0, earlierMails: 3 },
      { daysKnown: 9, earlierMails: 0 },
    ];
    expect(historiesIn(covariates, two)).toEqual({
      'log(Person.daysKnown)': Math.log(10) / 2,
      'Person.earlierMails': 1.5,
    });
    expect(historiesIn(covariates, [])).toEqual({});
  });
});

describe('of a deal', () => {
  const deal = entity('Deal', 'd', { status: 'won', createdAt: at(20), closedAt: at(40) });
  const rules = {
    ...{ visitMinutes: 30, salesTouches: 'count' as const },
    isChatbot: () => true,
    leaveOut: () => null,
  };
  const journeyOf = (theirs: readonly CanonicalEvent[], asked = covariates) =>
    buildJourney(
      deal,
      {
        people: [{ id: 'p' }],
        events: theirs.map((one) => ({ person: 'p', event: one })),
        covariates: { 'Person.score': 7 },
        histories: asked,
      },
      new Map([['p', person]]),
      { lookbackDays: 90, window: 'opened', touches: 'once', now: at(50), rules },
    ).journey;
  const before = [event('touch.email_sent', 5), event('touch.form_submitted', 15)];

  it('stands beside what else is known', () => {
    expect(journeyOf(before).covariates).toEqual({
      'Person.score': 7,
      'log(Person.daysKnown)': Math.log(16),
      'Person.earlierMails': 1,
    });
  });

  it('stays as it was, whatever comes after the first touch', () => {
    const after = [event('touch.email_sent', 25), event('touch.email_opened', 26), event('touch.chat', 30)];
    expect(journeyOf([...before, ...after]).covariates).toEqual(journeyOf(before).covariates);
  });

  it('is not looked at where no model asks', () => {
    expect(journeyOf(before, []).covariates).toEqual({ 'Person.score': 7 });
  });
});
