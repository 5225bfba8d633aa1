import type { Clock } from '../../src/support/clock.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { Problem } from '../../src/support/problem.ts';
import type { EmulatedRecords } from '../loopback/contract.ts';
import type { Courier } from './courier.ts';
import type { Feed } from './feed.ts';

/** A chat going on: `create` is something that happens in it, `remove` a visitor's wish to be forgotten. */
export function openRecords(feed: Feed, courier: Courier, clock: Clock): EmulatedRecords {
  let made = 0;
  const tell = (event: JsonObject) => {
    feed.append(event, clock.now());
    courier.hand(event);
  };
  return {
    objects: () => ['event'],
    create(object, fields, options) {
      demandEvent(object);
      made += 1;
      const at = new Date(options?.at ?? clock.now()).toISOString();
      const event = { id: `ev_new_${made}`, at, ...session, ...(fields.type ? {} : message), ...fields };
      tell(event);
      return String(event.id);
    },
    update() {
      throw new Problem('usage', 'a chat event never changes', {
        remedy: 'Create another one, or remove it.',
      });
    },
    remove(object, id) {
      demandEvent(object);
      made += 1;
      const now = clock.now();
      const at = new Date(Math.max(now, happenedAt(feed.find(id)) + 1)).toISOString();
      const notice = { id: `ev_erased_${made}`, type: 'erased', at, event: id };
      feed.erase(id, notice, now);
      courier.hand(notice);
    },
    get(object, id) {
      demandEvent(object);
      const event = feed.find(id);
      return event?.type === 'erased' ? undefined : event;
    },
    all: (object) => (object === 'event' ? [...feed.live()] : []),
    count: (object) => (object === 'event' ? feed.live().reduce((count) => count + 1, 0) : 0),
  };
}

const session = { sessionId: 'cs_new', visitorId: 'v-new' };
const message = { type: 'message', from: 'visitor', text: 'Hello?' };

/** Nothing is erased before it happened, whatever the clock says. */
function happenedAt(event: JsonObject | undefined): number {
  return Date.parse(String(event?.at)) || 0;
}

function demandEvent(object: string): void {
  if (object !== 'event')
    throw new Problem('usage', `the chatbot has no ${object}`, { remedy: 'Use event.' });
}
