/** The wire format of chat events, version 1, as `docs/chat-events.md` teaches it. */
import { z } from 'zod';

export const schemaVersion = 1;
export const mostEvents = 1_000;
export const mostBytes = 1_048_576;

const longestId = 4_096;

/** Any text or number that tells one thing from the others; how it is kept is `ids.ts`'s matter. */
const id = z
  .union([z.string(), z.number()], `expected an id of 1 to ${longestId} characters, such as "ev_8c1f"`)
  .refine(
    (one) => String(one).trim() !== '' && String(one).length <= longestId,
    `expected an id of 1 to ${longestId} characters, such as "ev_8c1f"`,
  );
const words = (most: number) => z.string().min(1).max(most);
/** What need not be told may be missing, null or empty, whichever comes easiest to the sender. */
const text = (most: number) => z.string().max(most).nullish();

/** Before it there were no chats; clocks that were never set say so. */
export const earliest = Date.UTC(2000, 0, 1);

/** With a zone: a local time is a different moment for sender and hub. */
const moment = z.iso
  .datetime({
    offset: true,
    error: 'expected an ISO 8601 time with zone, such as "2026-06-30T12:00:00.000Z"',
  })
  .refine((text) => Date.parse(text) >= earliest, 'expected a time after the year 2000');

const page = z
  .string()
  .max(8_192)
  .refine(
    (url) => url === '' || URL.canParse(url),
    'expected an absolute URL, such as "https://www.example.com/pricing?utm_source=google"',
  )
  .nullish();

const common = {
  id,
  at: moment,
  sessionId: id,
  visitorId: id,
  userId: z.union([id, z.literal('')]).nullish(),
};

/** What a visitor types is taken as typed: a misspelt address must not hold up the batch that it is in. */
const person = {
  email: text(320),
  name: text(200),
  firstName: text(100),
  lastName: text(100),
  phone: text(60),
  company: text(200),
};

/**
 * Loose objects: fields that the format does not know are kept and land with the event. A type that it does
 * not know is no error either (see `parseEvent`), so that a sender may be newer than the hub.
 */
export const eventTypes = {
  'session.started': z.looseObject({
    ...common,
    type: z.literal('session.started'),
    landingPage: page,
    referrer: page,
    language: text(35),
    channel: text(40),
    holdout: z.boolean().nullish(),
    bot: text(100),
    url: page,
    userAgent: text(1_000),
    test: z.boolean().nullish(),
  }),
  message: z.looseObject({
    ...common,
    type: z.literal('message'),
    from: z.enum(['visitor', 'bot', 'agent']),
    text: text(8_000),
  }),
  intent: z.looseObject({
    ...common,
    type: z.literal('intent'),
    name: words(100),
    confidence: z.number().min(0).max(1).nullish(),
    topic: text(100),
  }),
  fallback: z.looseObject({ ...common, type: z.literal('fallback') }),
  identified: z
    .looseObject({ ...common, type: z.literal('identified'), ...person })
    .refine(
      (event) => event.userId || event.email || event.phone,
      'expected at least one of userId, email and phone',
    ),
  goal: z.looseObject({ ...common, type: z.literal('goal'), name: words(100) }),
  handoff: z.looseObject({ ...common, type: z.literal('handoff'), to: text(200) }),
  feedback: z.looseObject({
    ...common,
    type: z.literal('feedback'),
    rating: z.int().min(1).max(5),
    comment: text(8_000),
  }),
  'session.ended': z.looseObject({
    ...common,
    type: z.literal('session.ended'),
    topic: text(100),
    messages: z.int().min(0).nullish(),
  }),
  /** Takes an earlier event back for good, at the visitor's request. */
  erased: z.looseObject({ id, at: moment, type: z.literal('erased'), event: id }),
} as const;
export type EventType = keyof typeof eventTypes;

/** What an event needs to be stored at all: a name, a kind and a time. */
export const bareEvent = z.looseObject({ id, type: words(64), at: moment });
export type BareEvent = z.infer<typeof bareEvent>;

export const batchEnvelope = z.looseObject({
  version: z.literal(schemaVersion, `expected ${schemaVersion}: the only version that this hub reads`),
  batch: id,
  sentAt: moment,
  events: z.array(z.unknown()).min(1).max(mostEvents, `expected at most ${mostEvents} events in a batch`),
});

export const eventsPage = z.looseObject({
  events: z.array(z.unknown()),
  /** Where to go on; stays good after the last event, for those to come. */
  next: z.string().min(1),
  more: z.boolean(),
  /** When the chatbot received the last event up to here; null while it has none. */
  asOf: moment.nullable(),
});
export type EventsPage = z.infer<typeof eventsPage>;

export const foundEvents = z.looseObject({ events: z.array(z.unknown()) });

export const account = z.looseObject({
  account: z.looseObject({ name: z.string() }),
  scopes: z.array(z.string()),
});
