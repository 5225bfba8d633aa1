/** Calls, meetings, mails and tickets of the world, as HubSpot keeps them: tied to the contact, and to the deal. */

import { iso } from '../../../src/support/clock.ts';
import type { WorldActivity, WorldTicket } from '../../world/world.ts';
import type { Row, Values } from '../state/rows.ts';
import { associate, create, ownerValue, stampOf, type Telling } from './telling.ts';

interface Kind {
  readonly object: string;
  values(activity: WorldActivity): Values;
}

const meetingMs = 45 * 60_000;

/** Tasks are to-do notes of the sales people; nothing reads them. */
const kinds: Readonly<Partial<Record<WorldActivity['kind'], Kind>>> = {
  call: {
    object: 'calls',
    values: ({ subject }) => ({
      hs_call_title: subject,
      hs_call_direction: 'OUTBOUND',
      hs_call_status: 'COMPLETED',
    }),
  },
  meeting: {
    object: 'meetings',
    values: ({ subject, at }) => ({
      hs_meeting_title: subject,
      hs_meeting_outcome: 'COMPLETED',
      hs_meeting_start_time: iso(at),
      hs_meeting_end_time: iso(at + meetingMs),
    }),
  },
  email: {
    object: 'emails',
    values: ({ subject }) => ({
      hs_email_subject: subject,
      hs_email_direction: 'EMAIL',
      hs_email_status: 'SENT',
    }),
  },
};

export function tellActivities(telling: Telling): void {
  const own = telling.world.activities.filter(({ system }) => system === 'hubspot');
  for (const activity of own.toSorted((a, b) => a.at - b.at)) tellActivity(telling, activity);
}

function tellActivity(telling: Telling, activity: WorldActivity): void {
  const contact = telling.people.get(activity.personKey);
  const kind = kinds[activity.kind];
  if (!contact || !kind) return;
  const { ownerKey, at } = activity;
  const values = { ...kind.values(activity), hs_timestamp: iso(at), ...ownerValue(telling, ownerKey) };
  const stamp = stampOf(telling, ownerKey, at);
  const row = create(telling, kind.object, values, stamp);
  associate(telling.portal, row, kind.object, contact, 'contacts', stamp);
  const deal = telling.deals.get(activity.dealKey ?? '');
  if (deal) associate(telling.portal, row, kind.object, deal, 'deals', stamp);
}

const closedStage = '4';

export function tellTickets(telling: Telling): void {
  for (const ticket of telling.world.tickets.toSorted((a, b) => a.createdAt - b.createdAt)) {
    const contact = telling.people.get(ticket.personKey);
    if (contact) tellTicket(telling, ticket, contact);
  }
}

function tellTicket(telling: Telling, ticket: WorldTicket, contact: Row): void {
  const { portal, companies } = telling;
  const stamp = stampOf(telling, ticket.ownerKey, ticket.createdAt);
  const values = {
    subject: ticket.subject,
    hs_ticket_priority: ticket.priority.toUpperCase(),
    source_type: ticket.source.toUpperCase(),
    ...ownerValue(telling, ticket.ownerKey),
  };
  const row = create(telling, 'tickets', values, stamp);
  associate(portal, row, 'tickets', contact, 'contacts', stamp);
  const company = companies.get(ticket.companyKey);
  if (company) associate(portal, row, 'tickets', company, 'companies', stamp);
  const { solvedAt } = ticket;
  if (solvedAt === null) return;
  const table = telling.portal.crm.tables.get('tickets');
  const closed = { hs_pipeline_stage: closedStage, closed_date: iso(solvedAt) };
  if (table) portal.crm.update(table, row, closed, { ...stamp, at: solvedAt });
}
