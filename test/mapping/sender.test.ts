/** What a system is told of an event: the words `sends`, `since` and `body`. */
import { describe, expect, it } from 'vitest';
import type { CanonicalEvent } from '../../src/canonical/events.ts';
import { inspectMapping } from '../../src/mapping/compile.ts';

const event: CanonicalEvent = {
  ...{ id: 'e1', type: 'touch.chat', time: Date.UTC(2026, 0, 2, 3, 4, 5, 678), subject: 'email:a@b.example' },
  source: { connection: 'chatbot', object: 'event', id: '7' },
  data: { channel: 'Chat', campaign: null },
};

const inspect = (section: string) =>
  inspectMapping(`system: mixpanel\nobjects:\n  events:\n${section}`, {
    ...{ connection: 'mixpanel', file: 'mappings/mixpanel.yaml' },
  });

function senderOf(section: string) {
  const { mapping, problems } = inspect(section);
  const sender = mapping?.objects.events?.sender;
  if (!sender) throw new Error(problems.map(({ message }) => message).join('; '));
  return sender;
}

const body = `    sends: [touch.chat, deal.won]
    body: { name: $type, at: $time, ms: $timeMs, s: $timeSeconds, id: $id, from: channel, to: campaign,
      who: person.custom.mixpanelId, mail: person.email, kind: { value: 3 } }
`;

describe('what is sent of an event', () => {
  it('is said by the names of the system; what the event does not say is left out', () => {
    const sender = senderOf(body);
    const person = { 'custom.mixpanelId': 'm-1', email: 'a@b.example' };
    expect(sender.body({ event, person, deal: null })).toEqual({
      body: {
        ...{ name: 'touch.chat', at: '2026-01-02T03:04:05.678Z', ms: event.time, s: 1767323045, id: 'e1' },
        ...{ from: 'Chat', who: 'm-1', mail: 'a@b.example', kind: 3 },
      },
    });
    expect([...sender.types]).toEqual(['touch.chat', 'deal.won']);
  });

  it('does not go without what it has to say of its person or deal', () => {
    const sender = senderOf(body);
    expect(sender.body({ event, person: { email: 'a@b.example' }, deal: null })).toEqual({
      missing: 'person.custom.mixpanelId',
    });
    expect(sender.body({ event, person: null, deal: null })).toHaveProperty('missing');
  });

  it('is of the time since the hub met the system, unless the mapping says otherwise', () => {
    expect(senderOf(body).since).toBe('connected');
    expect(senderOf(`${body}    since: beginning\n`).since).toBe('beginning');
  });

  it.each([
    ['    sends: [touch.chat]\n', /needs a `body`/],
    ['    body: { a: $id }\n', /words for what is sent/],
    ['    sends: []\n    body: { a: $id }\n', /names no event/],
    ['    sends: [touch.chat]\n    body: { a: $tyme }\n', /"\$tyme" is not known/],
    ['    sends: [touch.chat]\n    body: { a: person.emial }\n', /"emial" is not a field of a person/],
    ['    sends: [touch.chatt]\n    body: { a: $id }\n', /touch\.chatt|one of/],
  ])('is refused as %j', (section, message) => {
    const { mapping, problems } = inspect(section);
    expect(mapping).toBeNull();
    expect(problems.map((one) => one.message).join('\n')).toMatch(message);
  });
});
