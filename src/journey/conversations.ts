/** What became of the conversations that a chat touch stands for. */
import { sessionKey } from '../canonical/events.ts';
import type { FoldedTouch } from './touches.ts';

/** As far as it is known. */
export interface Conversation {
  readonly topic: string | null;
  /** What was achieved: `meeting_booked`. */
  readonly goal: string | null;
  /** Where a person reads it. */
  readonly url: string | null;
}

export interface ChatTold {
  /** Id of the conversation that tells most. */
  readonly session: string | null;
  readonly goal: string | null;
  readonly url: string | null;
}

/** By the text of their session keys. */
export type Conversations = ReadonlyMap<string, Conversation>;

/** A session's first event cannot know its topic; the conversation that it became does. */
export function topicOf({ events }: FoldedTouch, conversations: Conversations): string | null {
  for (const event of events) {
    const session = sessionKey(event);
    const known = session === null ? event.data.subject : conversations.get(session)?.topic;
    const topic = event.data.topic ?? known;
    if (typeof topic === 'string') return topic;
  }
  return null;
}

/** Of the first conversation that came to anything, else of the first. Null: no chat. */
export function chatOf({ touch, events }: FoldedTouch, conversations: Conversations): ChatTold | null {
  if (touch.type !== 'touch.chat') return null;
  const told = events.map((event) => {
    const key = sessionKey(event);
    const known = key === null ? undefined : conversations.get(key);
    const url = known?.url ?? (typeof event.data.url === 'string' ? event.data.url : null);
    return { session: sessionIn(key), goal: known?.goal ?? null, url };
  });
  return told.find(({ goal }) => goal !== null) ?? told[0] ?? null;
}

/** `session:<space>:<id>`. */
function sessionIn(key: string | null): string | null {
  return key?.split(':').slice(2).join(':') || null;
}
