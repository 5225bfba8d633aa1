/** The canonical model: what all systems are translated into. Pure data, no I/O. */
import type { JsonObject } from '../support/json.ts';

export const entityKinds = [
  'Person',
  'Organization',
  'Deal',
  'Campaign',
  'Conversation',
  'Ticket',
  'Order',
  'ChatTouch',
] as const;
export type EntityKind = (typeof entityKinds)[number];

/** `money` is `{ minor, currency }`, `time` is ms UTC, `date` is `YYYY-MM-DD`, `list` is sorted text. */
export type FieldKind =
  | 'text'
  | 'email'
  | 'phone'
  | 'url'
  | 'number'
  | 'money'
  | 'boolean'
  | 'time'
  | 'date'
  | 'list';

/** Integer minor units of the currency's own number of decimals (JPY 0, USD 2, KWD 3). */
export interface Money {
  readonly minor: number;
  readonly currency: string;
}

/** `null` is "known to be blank"; an absent field is "this record says nothing". */
export type CanonicalValue = string | number | boolean | Money | readonly string[] | null;
export type CanonicalFields = Readonly<Record<string, CanonicalValue>>;

/**
 * The fields that the hub itself understands; mappings may add `custom.<name>` of any kind.
 * `chatCredit.*` are written by the hub alone, on Deal.
 */
export const canonicalFields: Readonly<Record<EntityKind, Readonly<Record<string, FieldKind>>>> = {
  Person: {
    email: 'email',
    firstName: 'text',
    lastName: 'text',
    phone: 'phone',
    mobile: 'phone',
    title: 'text',
    company: 'text',
    website: 'url',
    street: 'text',
    city: 'text',
    region: 'text',
    postalCode: 'text',
    country: 'text',
    language: 'text',
    lifecycle: 'text',
    status: 'text',
    source: 'text',
    owner: 'text',
    optedOut: 'boolean',
    score: 'number',
    createdAt: 'time',
    qualifiedAt: 'time',
    convertedAt: 'time',
    /** When the person left an e-mail address in a chat: what makes a chat lead. */
    chatLeadAt: 'time',
    'utm.source': 'text',
    'utm.medium': 'text',
    'utm.campaign': 'text',
    'utm.term': 'text',
    'utm.content': 'text',
  },
  Organization: {
    name: 'text',
    domain: 'text',
    website: 'url',
    phone: 'phone',
    industry: 'text',
    employees: 'number',
    revenue: 'money',
    street: 'text',
    city: 'text',
    region: 'text',
    postalCode: 'text',
    country: 'text',
    owner: 'text',
    createdAt: 'time',
  },
  Deal: {
    name: 'text',
    amount: 'money',
    stage: 'text',
    status: 'text',
    probability: 'number',
    closeDate: 'date',
    createdAt: 'time',
    closedAt: 'time',
    owner: 'text',
    source: 'text',
    pipeline: 'text',
    type: 'text',
    'chatCredit.share': 'number',
    'chatCredit.amount': 'money',
    'chatCredit.model': 'text',
    'chatCredit.window': 'number',
    'chatCredit.touches': 'number',
    'chatCredit.firstChatAt': 'time',
    'chatCredit.lastChatAt': 'time',
    'chatCredit.role': 'text',
    'chatCredit.computedAt': 'time',
    'chatCredit.run': 'text',
    'chatCredit.reason': 'text',
    /** Where the chat is to be read that the reason tells of. */
    'chatCredit.link': 'url',
    /** The chats, a line each, for a CRM that has no rows for them. */
    'chatCredit.list': 'text',
    /** How the credit was computed, for analysts: all the rest in one text. */
    'chatCredit.details': 'text',
    // Of models that come from data: how sure, on how many won deals, by which fit.
    'chatCredit.interval.low': 'number',
    'chatCredit.interval.high': 'number',
    'chatCredit.n': 'number',
    'chatCredit.version': 'text',
  },
  Campaign: {
    name: 'text',
    status: 'text',
    type: 'text',
    startDate: 'date',
    endDate: 'date',
    cost: 'money',
    utmCampaign: 'text',
  },
  Conversation: {
    startedAt: 'time',
    endedAt: 'time',
    topic: 'text',
    language: 'text',
    messages: 'number',
    handedOff: 'boolean',
    goal: 'text',
    rating: 'number',
    landingPage: 'url',
    channel: 'text',
    /** Where a person reads it: a page of the chatbot's. */
    url: 'url',
  },
  Ticket: { subject: 'text', status: 'text', priority: 'text', createdAt: 'time', solvedAt: 'time' },
  Order: { number: 'text', total: 'money', status: 'text', placedAt: 'time' },
  /** One chat touch of a deal under the reported model; the hub is its only source. Becomes `Chat_Touch__c`. */
  ChatTouch: {
    externalId: 'text',
    deal: 'text',
    person: 'text',
    /** `Ines Quill: pricing, 12 Oct 2026`. */
    name: 'text',
    personName: 'text',
    outcome: 'text',
    link: 'url',
    at: 'time',
    model: 'text',
    share: 'number',
    amount: 'money',
    topic: 'text',
    channel: 'text',
    reason: 'text',
  },
};

const severalLines: ReadonlySet<string> = new Set([
  ...['street', 'reason', 'chatCredit.reason', 'chatCredit.list', 'chatCredit.details'],
]);

/** Whether line ends and tabs in a text mean something; an admin's own fields may be notes. */
export function holdsLines(field: string): boolean {
  return severalLines.has(field) || field.startsWith('custom.');
}

/**
 * Of times that tell when something first was so, the earliest counts, no matter which system says so: CRMs import what they learn
 * late.
 */
export const beginnings: ReadonlySet<string> = new Set(['createdAt', 'startedAt', 'closedAt']);

/** Of times that tell when something was over, a date alone means the end of its day. */
export const ends: ReadonlySet<string> = new Set(['closedAt', 'endedAt', 'solvedAt']);

/**
 * A key under which records of one thing meet. `id` keys are `<connection>:<object>:<record id>`;
 * a cross-reference held in another system is simply the same `id` key again. `session`, `chatUser`, `visitor` and
 * foreign `external` keys are `<space>:<id>`: two systems may well count their visitors alike.
 */
export interface IdentityKey {
  readonly kind: 'id' | 'email' | 'session' | 'chatUser' | 'visitor' | 'phone' | 'domain' | 'external';
  readonly value: string;
}

/** Names a landed record, and so the contribution made from it. */
export interface RecordRef {
  readonly connection: string;
  readonly object: string;
  readonly id: string;
}

/** A contributed value with what is known of the time at which it became what it is. */
export interface ContributedValue {
  readonly value: CanonicalValue;
  /** Latest moment at which the change to this value can have happened, ms. */
  readonly at: number;
  /** True when `at` is that moment itself; false when only "not later than `at`" is known (first landing). */
  readonly exact: boolean;
}

/** What one landed record says of one entity. */
export interface Contribution {
  readonly ref: RecordRef;
  readonly kind: EntityKind;
  readonly keys: readonly IdentityKey[];
  /** Texts of session keys: the conversations in which a person said this. Their events are the person's. */
  readonly sessions?: readonly string[];
  readonly values: Readonly<Record<string, ContributedValue>>;
  /** When the record came to be at its vendor; the eldest contribution names the entity. */
  readonly createdAt: number;
  /** What it said before, oldest first: what became of a closed deal is judged by what was so at its close. */
  readonly former?: readonly Former[];
  /** Since when it is known to have held the keys that it is first known to have held; absent: since it came to be. */
  readonly knownFrom?: number;
  /** Deleted, merged away or erased: its keys still join, its values no longer count. */
  readonly withdrawn: boolean;
  /**
   * A fact that somebody stated once (what a visitor typed in a chat), not a system's own record of a person: any
   * number of statements may be about one person, while two records of one system are two until something says
   * otherwise.
   */
  readonly statement?: true;
}

/** What a record said until something in it changed, or until it was deleted. */
export interface Former {
  /** The latest moment at which that change can have happened, ms: until then this counts. */
  readonly until: number;
  readonly keys: readonly IdentityKey[];
  /** Names of people alone. */
  readonly values: Contribution['values'];
}

/** A relation read from a record: "this deal has that person". Ends are named by key, not by entity. */
export interface Link {
  /** The record that says so; when it is withdrawn, so is the link. */
  readonly ref: RecordRef;
  readonly relation:
    | 'deal-person'
    | 'person-organization'
    | 'deal-organization'
    /** The account whose people are the deal's where it names none itself. */
    | 'deal-account'
    | 'campaign-person'
    | 'touch-deal';
  readonly from: IdentityKey;
  readonly to: IdentityKey;
  readonly role?: string;
  readonly primary?: boolean;
  /** The latest moment at which it can have come to be, ms; absent: with its record. */
  readonly since?: number;
  /** The latest moment at which it can have ended, ms; absent: it is there. */
  readonly until?: number;
}

/** Which record a canonical value came from. */
export interface Provenance {
  readonly ref: string;
  readonly at: number;
  readonly exact: boolean;
  /** The rule that decided, in the admin's words. */
  readonly rule: string;
}

export interface Entity {
  readonly id: string;
  readonly kind: EntityKind;
  readonly fields: CanonicalFields;
  readonly provenance: Readonly<Record<string, Provenance>>;
  /** Names (`<kind>|<text ref>`) of the contributions that it is folded from, sorted. */
  readonly members: readonly string[];
  /** No contribution left that is not withdrawn. */
  readonly withdrawn: boolean;
}

/** Anything that an event carries beyond its envelope. */
export type EventData = JsonObject;
