/** What systems were told of events that they do not give back. */
import type { SentStatus } from '../store/contract/sent.ts';
import type { Store } from '../store/contract/store.ts';

/** Of one object, how many events. */
export interface EventsSent {
  readonly sent: number;
  /** Sealed, or without an answer yet. */
  readonly open: number;
  /** Older than the system takes. */
  readonly late: number;
  /** What they had to say of their person or deal was not known in time. */
  readonly nobody: number;
  /** A person is asked about them; see `parked`. */
  readonly asked: number;
}

const counted: Readonly<Record<SentStatus, keyof EventsSent>> = {
  sent: 'sent',
  sealed: 'open',
  leaving: 'open',
  late: 'late',
  nobody: 'nobody',
  refused: 'asked',
  unknown: 'asked',
  asked: 'asked',
};

/** By object; objects of which nothing was to be sent are left out. */
export async function eventsSent(store: Store, connection: string): Promise<Record<string, EventsSent>> {
  const found: Record<string, EventsSent> = {};
  for (const { object, status, events } of await store.sent.counts(connection)) {
    const before = found[object] ?? { sent: 0, open: 0, late: 0, nobody: 0, asked: 0 };
    const name = counted[status];
    found[object] = { ...before, [name]: before[name] + events };
  }
  return found;
}

/** One line for each object: `track: 12 events sent, 2 too late`. */
export function eventsSentLines(objects: Readonly<Record<string, EventsSent>>): string[] {
  return Object.entries(objects).map(([object, { sent, open, late, nobody, asked }]) => {
    const more = [
      ...(open > 0 ? [`${open} on their way`] : []),
      ...(late > 0 ? [`${late} too late`] : []),
      ...(nobody > 0 ? [`${nobody} of nobody known`] : []),
      ...(asked > 0 ? [`${asked} refused or without an answer`] : []),
    ];
    return [`${object}: ${sent} ${sent === 1 ? 'event' : 'events'} sent`, ...more].join(', ');
  });
}
