/** Whose a chat is: on browsers that several people use, in sessions in which somebody says who they are. */
import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/support/json.ts';
import { openTestHub, type TestHub, type TestHubOptions } from './hub.ts';

const day = 86_400_000;
const hubs: TestHub[] = [];
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.close();
});

async function opened(options: TestHubOptions = {}) {
  const hub = await openTestHub({ systems: ['salesforce', 'chatbot'], ...options });
  hubs.push(hub);
  const at = hub.hub.clock.now() - 40 * day;
  const salesforce = hub.emulator('salesforce').records;
  const say = (type: string, where: JsonObject, time: number, connection = 'chatbot') =>
    hub.emulator(connection).records.create('event', { type, ...where }, { at: time });
  return {
    hub,
    at,
    say,
    start: (sessionId: string, visitorId: string, time: number, more: JsonObject = {}) =>
      say(
        'session.started',
        { sessionId, visitorId, landingPage: 'https://www.site.example/', ...more },
        time,
      ),
    /** A contact with an open deal. */
    deal: (email: string, fields: JsonObject = {}) => {
      const contact = salesforce.create('Contact', { LastName: email, Email: email }, { at });
      const deal = {
        Name: email,
        StageName: 'Prospecting',
        Amount: 1000,
        CloseDate: '2099-12-31',
        ...fields,
      };
      const id = salesforce.create('Opportunity', deal, { at });
      salesforce.create('OpportunityContactRole', { OpportunityId: id, ContactId: contact }, { at });
      return id;
    },
    touches: (id: string) => salesforce.get('Opportunity', id)?.Chat_Touches__c ?? null,
  };
}

describe('a session', () => {
  it('is from its beginning of whoever says late who they are, also on a browser that others use', async () => {
    const w = await opened();
    const [one, two] = [w.deal('one@x.example'), w.deal('two@x.example')];
    w.start('s1', 'pc', w.at + day);
    w.say('identified', { sessionId: 's1', visitorId: 'pc', email: 'one@x.example' }, w.at + day + 1);
    w.start('s2', 'pc', w.at + 2 * day);
    await w.hub.quiet();
    expect([w.touches(one), w.touches(two)]).toEqual([2, null]);
    w.say('identified', { sessionId: 's2', visitorId: 'pc', email: 'two@x.example' }, w.at + 2 * day + 1);
    w.start('s3', 'pc', w.at + 3 * day);
    await w.hub.quiet();
    expect([w.touches(one), w.touches(two)]).toEqual([1, 1]);
  });

  it('is of the user who signs in during it', async () => {
    const w = await opened();
    const [one, two] = [w.deal('one@x.example'), w.deal('two@x.example')];
    const users = [
      ['one', 'a'],
      ['two', 'b'],
    ] as const;
    for (const [user, visitor] of users)
      w.say(
        'identified',
        { sessionId: `known-${user}`, visitorId: visitor, userId: user, email: `${user}@x.example` },
        w.at,
      );
    w.start('s1', 'a', w.at + day);
    w.say('goal', { sessionId: 's1', visitorId: 'a', userId: 'two', name: 'priced' }, w.at + day + 1);
    await w.hub.quiet();
    expect([w.touches(one), w.touches(two)]).toEqual([null, 1]);
  });

  it('goes back to the only person of the browser when what was said is erased', async () => {
    const w = await opened();
    const [one, two] = [w.deal('one@x.example'), w.deal('two@x.example')];
    w.say('identified', { sessionId: 's0', visitorId: 'pc', email: 'one@x.example' }, w.at);
    w.start('s1', 'pc', w.at + day);
    const told = w.say(
      'identified',
      { sessionId: 's1', visitorId: 'pc', email: 'two@x.example' },
      w.at + day + 1,
    );
    await w.hub.quiet();
    expect([w.touches(one), w.touches(two)]).toEqual([null, 1]);
    w.hub.emulator('chatbot').records.remove('event', told);
    await w.hub.quiet();
    expect([w.touches(one), w.touches(two)]).toEqual([1, null]);
  });

  it('named by either of two addresses of one person is theirs', async () => {
    const w = await opened({ systems: ['salesforce', 'hubspot', 'chatbot'] });
    const deal = w.deal('ada@a.example');
    const fields = {
      email: 'ada@a.example',
      lastname: 'ada@a.example',
      hs_additional_emails: 'ada@b.example',
    };
    w.hub.emulator('hubspot').records.create('contacts', fields, { at: w.at });
    for (const [n, email] of ['ada@a.example', 'ada@b.example'].entries()) {
      w.start(`s${n}`, 'pc', w.at + n * day);
      w.say('identified', { sessionId: `s${n}`, visitorId: 'pc', email }, w.at + n * day + 1);
    }
    await w.hub.quiet();
    expect(w.touches(deal)).toBe(2);
  });
});

describe('ids of two chats', () => {
  it('never meet, whatever they name', async () => {
    const connection = { 'other-chat': { connector: 'chatbot' } };
    const w = await opened({ systems: ['salesforce', 'chatbot', 'other-chat'], connection });
    const deals = [w.deal('one@x.example'), w.deal('two@x.example')];
    for (const [n, chat] of ['chatbot', 'other-chat'].entries()) {
      const who = { sessionId: 's1', visitorId: '42', userId: '42' };
      w.say('session.started', { ...who, landingPage: 'https://www.site.example/' }, w.at + n * day, chat);
      w.say('intent', { ...who, name: 'ask', topic: `topic of ${chat}` }, w.at + n * day + 1, chat);
      const email = ['one@x.example', 'two@x.example'][n] ?? '';
      w.say('identified', { ...who, email }, w.at + n * day + 2, chat);
    }
    await w.hub.quiet();
    const { entities } = w.hub.hub.store;
    expect(deals.map(w.touches)).toEqual([1, 1]);
    expect(await entities.count('Person')).toBe(2);
    const topics = (await entities.scan('Conversation', null, 9)).map(({ fields }) => fields.topic);
    expect(topics.sort()).toEqual(['topic of chatbot', 'topic of other-chat']);
  });
});
