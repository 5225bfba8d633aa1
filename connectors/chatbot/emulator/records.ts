import type { EmulatedRecords } from '../../../src/emulator/contract.ts';
import type { Clock } from '../../../src/support/clock.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { Problem } from '../../../src/support/problem.ts';
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
      const event = { id: `ev_new_${made}`, at, ...bare, ...fields };
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
      const at = new Date(clock.now()).toISOString();
      const notice = { id: `ev_erased_${made}`, type: 'erased', at, event: id };
      feed.erase(id, notice, clock.now());
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

const bare = { type: 'message', sessionId: 'cs_new', visitorId: 'v-new', from: 'visitor', text: 'Hello?' };

function demandEvent(object: string): void {
  if (object !== 'event')
    throw new Problem('usage', `the chatbot has no ${object}`, { remedy: 'Use event.' });
}
