import { expect, it } from 'vitest';
import type { CanonicalEvent } from '../../src/canonical/events.ts';
import type { EventData } from '../../src/canonical/model.ts';
import { noOrigin, originOf } from '../../src/journey/origins.ts';

const source = { connection: 'webchat', object: 'event', id: 'x' };

function origin(data: EventData, channel = 'Paid Search') {
  const event: CanonicalEvent = { id: 'e', type: 'touch.page_view', time: 1, source, subject: '', data };
  const touch = { eventId: 'e', time: 1, channel, type: event.type, person: 'p' };
  return originOf({ touch, events: [event] });
}

it('is the UTM of the visit', () => {
  const utm = { source: 'google', medium: 'cpc', campaign: 'spring', content: 'blue', term: 'crm' };
  const { term: _, ...told } = utm;
  expect(origin({ utm })).toEqual({ ...told, bot: null });
  expect(origin({ utm: { source: ' ', campaign: '' } })).toEqual(noOrigin);
});

it('is the campaign that somebody answered', () => {
  expect(origin({ campaign: 'Fair 2026' }, 'Event')).toEqual({ ...noOrigin, campaign: 'Fair 2026' });
});

it('is the site that a visit came from, but for a direct one', () => {
  const referrer = 'https://www.partner.example/list?q=1';
  expect(origin({ referrer }, 'Referral')).toEqual({ ...noOrigin, source: 'partner.example' });
  expect(origin({ referrer }, 'Direct')).toEqual(noOrigin);
  expect(origin({ referrer: 'not an address' }, 'Referral')).toEqual(noOrigin);
});

it('is the bot that talked, by its own name or that of its connection', () => {
  expect(origin({}, 'Chat')).toEqual({ ...noOrigin, bot: 'webchat' });
  expect(origin({ bot: 'sales-bot' }, 'Chat')).toEqual({ ...noOrigin, bot: 'sales-bot' });
  expect(origin({ bot: 'sales-bot' }, 'Live Chat')).toEqual(noOrigin);
});
