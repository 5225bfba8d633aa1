/** The mappings that come with the hub, on records as the systems send them. */
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/support/json.ts';
import { keysOf, objectOf, shipped, through, valuesOf } from './sample.ts';

const lead = {
  attributes: { type: 'Lead', url: '/services/data/v62.0/sobjects/Lead/00Q4S000002sSacUAE' },
  Id: '00Q4S000002sSacUAE',
  IsDeleted: false,
  MasterRecordId: null,
  FirstName: 'Tilda',
  LastName: 'Wexcombe',
  Title: null,
  Company: '[not provided]',
  Email: 'Tilda@Larkmere.example',
  Phone: '(212) 555-0142',
  MobilePhone: null,
  LeadSource: 'Web',
  Status: 'Open - Not Contacted',
  HasOptedOutOfEmail: false,
  IsConverted: false,
  ConvertedDate: null,
  ConvertedContactId: null,
  Owner: { attributes: { type: 'Name' }, Email: 'u-1@lumenfold.example' },
  CreatedDate: '2026-01-05T09:00:00.000+0000',
};

describe('salesforce', () => {
  it('makes a person of a lead', () => {
    const normalized = through('salesforce', 'Lead', lead);
    expect(valuesOf(normalized)).toEqual({
      email: 'tilda@larkmere.example',
      firstName: 'Tilda',
      lastName: 'Wexcombe',
      title: null,
      company: null,
      phone: '+12125550142',
      mobile: null,
      source: 'Web',
      status: 'Open - Not Contacted',
      optedOut: false,
      owner: 'u-1@lumenfold.example',
      createdAt: Date.UTC(2026, 0, 5, 9),
    });
    expect(keysOf(normalized)).toEqual([
      'id:salesforce:Lead:00Q4S000002sSacUAE',
      'email:tilda@larkmere.example',
    ]);
    expect(normalized.events.map(({ type }) => type)).toEqual(['person.created']);
    expect(normalized.warnings).toEqual([]);
  });

  it('joins a converted lead with its contact, and never writes it again', () => {
    const converted = {
      ...lead,
      IsConverted: true,
      ConvertedDate: '2026-03-01',
      ConvertedContactId: '0034S000005YJVlQAO',
    };
    const normalized = through('salesforce', 'Lead', converted);
    expect(keysOf(normalized)).toContain('id:salesforce:Contact:0034S000005YJVlQAO');
    expect(normalized.events.map(({ type, time }) => [type, time])).toContainEqual([
      'person.converted',
      Date.UTC(2026, 2, 1),
    ]);
    const { readOnly } = objectOf(shipped('salesforce'), 'Lead');
    expect([readOnly?.(converted), readOnly?.(lead)]).toEqual([true, false]);
  });

  it('makes a deal of an opportunity', () => {
    const normalized = through('salesforce', 'Opportunity', {
      Id: '0064S000002abcdQAA',
      AccountId: '0014S000007NxmlQAC',
      Name: 'Larkmere, Team plan',
      StageName: 'Closed Won',
      Amount: 18400,
      Probability: 100,
      CloseDate: '2026-06-01',
      IsClosed: true,
      IsWon: true,
      LastStageChangeDate: '2026-06-02T10:00:00.000+0000',
      CurrencyIsoCode: 'EUR',
      CreatedDate: '2026-01-05T09:00:00.000+0000',
      Chat_Credit_Share__c: 40,
    });
    expect(valuesOf(normalized)).toMatchObject({
      amount: { minor: 1_840_000, currency: 'EUR' },
      stage: 'won',
      status: 'won',
      probability: 1,
      closeDate: '2026-06-01',
      closedAt: Date.UTC(2026, 5, 2, 10),
    });
    expect(valuesOf(normalized)).not.toHaveProperty('chatCredit.share');
    expect(normalized.links).toMatchObject([
      { relation: 'deal-organization', to: { value: 'salesforce:Account:0014S000007NxmlQAC' } },
      { relation: 'deal-account', to: { value: 'salesforce:Account:0014S000007NxmlQAC' } },
    ]);
    expect(normalized.events.map(({ type, time }) => [type, time])).toEqual([
      ['deal.created', Date.UTC(2026, 0, 5, 9)],
      ['deal.won', Date.UTC(2026, 5, 2, 10)],
    ]);
  });

  it('leaves an open deal open', () => {
    const open = {
      Id: '006',
      StageName: 'Prospecting',
      IsClosed: false,
      IsWon: false,
      CloseDate: '2026-12-01',
      CreatedDate: '2026-01-05T09:00:00.000+0000',
    };
    const values = valuesOf(through('salesforce', 'Opportunity', open));
    expect(values).toMatchObject({ status: 'open', stage: 'prospecting' });
    expect(values).not.toHaveProperty('closedAt');
  });

  it('ties people to deals by their contact roles', () => {
    const { links } = through('salesforce', 'OpportunityContactRole', {
      Id: '00K',
      OpportunityId: '006',
      ContactId: '003',
      Role: 'Decision Maker',
      IsPrimary: true,
    });
    expect(links).toMatchObject([
      {
        relation: 'deal-person',
        from: { value: 'salesforce:Opportunity:006' },
        to: { value: 'salesforce:Contact:003' },
        role: 'Decision Maker',
        primary: true,
      },
    ]);
  });

  it('tells stage changes from the stage history', () => {
    const row = {
      Id: '008',
      OpportunityId: '006',
      StageName: 'Negotiation/Review',
      Probability: 90,
      ForecastCategory: 'Forecast',
      Amount: 5,
      CurrencyIsoCode: null,
      CreatedDate: '2026-02-01T00:00:00.000+0000',
    };
    expect(through('salesforce', 'OpportunityHistory', row).events).toMatchObject([
      {
        type: 'deal.stage_changed',
        subject: 'id:salesforce:Opportunity:006',
        data: { stage: 'negotiation', probability: 0.9, closed: false, amount: 5 },
      },
    ]);
  });

  it('tells changes of the amount from the stage history, and none for a new opportunity', () => {
    const row = { Id: '008', OpportunityId: '006', StageName: 'Prospecting', CreatedDate: '2026-02-01' };
    const amounts = (Amount: number | null, PrevAmount: number | null) =>
      through('salesforce', 'OpportunityHistory', { ...row, Amount, PrevAmount })
        .events.filter(({ type }) => type === 'deal.amount_changed')
        .map(({ subject, data }) => [subject, data.before, data.amount]);
    expect(amounts(7, 5)).toEqual([['id:salesforce:Opportunity:006', 5, 7]]);
    expect([...amounts(5, 5), ...amounts(5, null)]).toEqual([]);
  });

  it('tells that a deal was opened again, and a lead qualified, where the hub saw it before', () => {
    const happened = (object: string, body: JsonObject, field: string, exact: boolean) =>
      through('salesforce', object, body, { fieldTimes: { [field]: { at: 77, exact } } })
        .events.filter(({ time }) => time === 77)
        .map(({ type }) => type);
    const open = { Id: '006', StageName: 'Prospecting', IsClosed: false, IsWon: false };
    expect(happened('Opportunity', open, 'IsClosed', true)).toEqual(['deal.reopened']);
    expect(happened('Opportunity', open, 'IsClosed', false)).toEqual([]);
    const lead = { Id: '00Q', Status: 'Qualified', IsConverted: false };
    expect(happened('Lead', lead, 'Status', true)).toEqual(['person.qualified']);
    expect(happened('Lead', { ...lead, Status: 'New' }, 'Status', true)).toEqual([]);
  });

  it('counts an answer to a campaign as a touch, by the channel of the campaign', () => {
    const member = {
      Id: '00v',
      CampaignId: '701',
      LeadId: '00Q',
      ContactId: null,
      Status: 'Responded',
      HasResponded: true,
      FirstRespondedDate: '2026-02-01',
      Campaign: { Name: 'Webinar', Type: 'Webinar' },
    };
    const { events, links } = through('salesforce', 'CampaignMember', member);
    expect(events).toMatchObject([
      {
        type: 'touch.campaign_response',
        time: Date.UTC(2026, 1, 1),
        subject: 'id:salesforce:Lead:00Q',
        data: { channel: 'Event', campaign: 'Webinar' },
      },
    ]);
    expect(links).toMatchObject([
      { relation: 'campaign-person', from: { value: 'salesforce:Campaign:701' } },
    ]);
    expect(through('salesforce', 'CampaignMember', { ...member, HasResponded: false }).events).toEqual([]);
    expect(
      through('salesforce', 'CampaignMember', { ...member, Campaign: null }).events[0]?.data.channel,
    ).toBe('Campaign');
  });

  it('counts calls and meetings with whoever they were with', () => {
    const call = {
      Id: '00T',
      WhoId: '0034S000005YJVlQAO',
      TaskSubtype: 'Call',
      IsClosed: true,
      CompletedDateTime: null,
      ActivityDate: '2026-02-01',
      Subject: 'First call',
    };
    expect(through('salesforce', 'Task', call).events).toMatchObject([
      {
        type: 'touch.call',
        subject: 'id:salesforce:Contact:0034S000005YJVlQAO',
        data: { channel: 'Sales', subject: 'First call' },
      },
    ]);
    expect(through('salesforce', 'Task', { ...call, IsClosed: false }).events).toEqual([]);
    const meeting = {
      Id: '00U',
      WhoId: '00Q4S000002sSacUAE',
      StartDateTime: '2026-02-01T09:00:00.000+0000',
      Subject: 'Demo',
      DurationInMinutes: 30,
    };
    expect(through('salesforce', 'Event', meeting).events).toMatchObject([
      { type: 'touch.meeting', subject: 'id:salesforce:Lead:00Q4S000002sSacUAE' },
    ]);
  });

  it("says nothing of the hub's own records", () => {
    const { contributions } = through('salesforce', 'Chat_Touch__c', {
      Id: 'a00',
      External_Id__c: 'x',
      Share__c: 40,
    });
    expect(contributions).toEqual([]);
  });

  it('provisions the fields of the credit and the touch object', () => {
    const { objects } = shipped('salesforce');
    const names = Object.values(objects).flatMap(({ provisions }) =>
      provisions.map(({ object, name }) => `${object}.${name}`),
    );
    expect(names).toEqual(
      expect.arrayContaining([
        'Lead.Hub_Id__c',
        'Contact.Hub_Id__c',
        'Opportunity.Chat_Credit_Share__c',
        'Opportunity.Chat_Credit_Reason__c',
        'Chat_Touch__c.External_Id__c',
        'Chat_Touch__c.Opportunity__c',
      ]),
    );
    expect(names.filter((name) => name.includes('CurrencyIsoCode'))).toEqual([]);
  });
});

const contact = {
  id: '101',
  createdAt: '2026-01-05T09:00:00.000Z',
  updatedAt: '2026-06-30T00:00:00.000Z',
  archived: false,
  properties: {
    email: 'tilda@larkmere.example',
    firstname: 'Tilda',
    lastname: 'Wexcombe',
    phone: '+1 212-555-0142',
    jobtitle: '',
    hs_email_optout: 'false',
    hubspotscore: '12',
    createdate: '2026-01-05T09:00:00.000Z',
    hs_analytics_first_url:
      'https://www.lumenfold.example/pricing?utm_source=google&utm_medium=cpc&utm_campaign=search-chat-crm',
    hs_analytics_first_timestamp: '2026-01-04T08:00:00.000Z',
    hs_merged_object_ids: '99',
    hs_calculated_merged_vids: '98:1650000000000;99:1660000000000',
  },
  associations: {
    companies: {
      results: [
        { id: '7', type: 'contact_to_company_unlabeled' },
        { id: '7', type: 'contact_to_company' },
      ],
    },
  },
};

describe('hubspot', () => {
  it('takes mails that people write for sales touches, and those of sequences for mailings', () => {
    const mail = (more: JsonObject) =>
      through('hubspot', 'emails', {
        id: '5501',
        properties: {
          hs_timestamp: '2026-02-01T10:00:00Z',
          hs_email_subject: 'Quote sent',
          hs_email_direction: 'EMAIL',
          ...more,
        },
        associations: { contacts: { results: [{ id: '7701', type: 'email_to_contact' }] } },
      }).events.map(({ type, data }) => [type, data.channel]);
    expect(mail({})).toEqual([['touch.email_sent', 'Sales']]);
    expect(mail({ hs_sequence_id: '88' })).toEqual([['touch.email_sent', 'Email']]);
    expect(mail({ hs_email_direction: 'INCOMING_EMAIL' })).toEqual([]);
  });

  it('makes a person of a contact', () => {
    const normalized = through('hubspot', 'contacts', contact);
    expect(valuesOf(normalized)).toMatchObject({
      phone: '+12125550142',
      title: null,
      optedOut: false,
      score: 12,
      'utm.source': 'google',
      'utm.campaign': 'search-chat-crm',
      createdAt: Date.UTC(2026, 0, 5, 9),
    });
    expect(keysOf(normalized)).toEqual([
      'id:hubspot:contacts:101',
      'email:tilda@larkmere.example',
      'id:hubspot:contacts:99',
      'id:hubspot:contacts:98',
      'id:hubspot:contacts:99',
    ]);
    expect(normalized.links).toMatchObject([
      { relation: 'person-organization', to: { value: 'hubspot:companies:7' }, primary: true },
    ]);
    expect(normalized.events).toMatchObject([
      { type: 'person.created' },
      {
        type: 'touch.page_view',
        data: {
          channel: 'Paid Search',
          utm: { source: 'google', medium: 'cpc', campaign: 'search-chat-crm' },
        },
      },
    ]);
    expect(normalized.warnings).toEqual([]);
  });

  it('knows when each property changed', () => {
    const fieldTimes = { phone: { at: 42, exact: true } };
    const { contributions } = through('hubspot', 'contacts', contact, { fieldTimes });
    expect([contributions[0]?.values.phone?.at, contributions[0]?.values.email?.exact]).toEqual([42, false]);
  });

  it('makes a deal of a deal, tied to its twin in Salesforce', () => {
    const deal = {
      id: '5',
      properties: {
        dealname: 'Larkmere',
        amount: '2500000',
        deal_currency_code: 'JPY',
        dealstage: 'contractsent',
        hs_is_closed: 'false',
        hs_is_closed_won: 'false',
        hs_deal_stage_probability: '0.9',
        closedate: '2026-12-01T00:00:00.000Z',
        createdate: '2026-01-05T09:00:00.000Z',
        salesforce_opportunity_id: '0064S000002abcd',
      },
      associations: {
        contacts: {
          results: [
            { id: '101', type: 'deal_to_contact' },
            { id: '101', type: 'Decision Maker' },
          ],
        },
        companies: { results: [] },
      },
    };
    const normalized = through('hubspot', 'deals', deal);
    expect(valuesOf(normalized)).toMatchObject({
      amount: { minor: 2_500_000, currency: 'JPY' },
      stage: 'negotiation',
      status: 'open',
      probability: 0.9,
      closeDate: '2026-12-01',
    });
    expect(keysOf(normalized)).toEqual([
      'id:hubspot:deals:5',
      `id:salesforce:Opportunity:${'0064S000002abcdQAA'}`,
    ]);
    expect(normalized.links).toMatchObject([
      { relation: 'deal-person', to: { value: 'hubspot:contacts:101' }, role: 'Decision Maker' },
    ]);
    expect(normalized.events.map(({ type, time }) => [type, time])).toEqual([
      ['deal.created', Date.UTC(2026, 0, 5, 9)],
    ]);
  });

  it('tells from the histories of a deal how it came to be what it is', () => {
    const at = (day: number) => `2026-01-0${day}T00:00:00.000Z`;
    const history = (...values: [string, number][]) =>
      values.map(([value, day]) => ({ value, timestamp: at(day) })).toReversed();
    const deal = {
      properties: {
        dealstage: 'contractsent',
        amount: '70',
        hs_is_closed: 'false',
        deal_currency_code: 'EUR',
      },
      propertiesWithHistory: {
        dealstage: history(['appointmentscheduled', 1], ['closedlost', 3], ['contractsent', 4]),
        amount: history(['50', 1], ['70', 2]),
        hs_is_closed: history(['false', 1], ['true', 3], ['false', 4]),
      },
    };
    const { events } = through('hubspot', 'deals', deal);
    expect(events.map(({ type, time, data }) => [type, new Date(time).getUTCDate(), data])).toEqual([
      ['deal.stage_changed', 1, { stage: 'prospecting' }],
      ['deal.stage_changed', 3, { stage: 'lost', before: 'prospecting' }],
      ['deal.stage_changed', 4, { stage: 'negotiation', before: 'lost' }],
      ['deal.amount_changed', 2, { amount: '70', before: '50', currency: 'EUR' }],
      ['deal.closed', 3, { wasOpen: true }],
      ['deal.reopened', 4, {}],
    ]);
  });

  it('tells when a contact was found to be worth selling to', () => {
    const properties = {
      hs_lifecyclestage_marketingqualifiedlead_date: '2026-01-05T09:00:00.000Z',
      hs_lifecyclestage_salesqualifiedlead_date: '2026-01-07T09:00:00.000Z',
    };
    const { events } = through('hubspot', 'contacts', { properties });
    expect(events.map(({ type, time, data }) => [type, new Date(time).getUTCDate(), data])).toEqual([
      ['person.qualified', 5, { by: 'marketing' }],
      ['person.qualified', 7, { by: 'sales' }],
    ]);
  });

  it('counts a form as a touch of whoever gave the address, with the UTM of its page', () => {
    const form = {
      conversionId: 'c1',
      submittedAt: 1_750_000_000_000,
      pageUrl: 'https://www.lumenfold.example/demo?utm_source=linkedin&utm_medium=paid_social',
      values: [
        { name: 'firstname', value: 'T' },
        { name: 'email', value: 'Tilda@larkmere.example' },
      ],
      form: { id: 'f1', name: 'Demo' },
    };
    expect(through('hubspot', 'forms', form).events).toMatchObject([
      {
        type: 'touch.form_submitted',
        time: 1_750_000_000_000,
        subject: 'email:tilda@larkmere.example',
        data: { channel: 'Paid Social', form: 'Demo', utm: { source: 'linkedin' } },
      },
    ]);
  });

  it('is told everything as text', () => {
    const { fields } = objectOf(shipped('hubspot'), 'deals');
    const told = (canonical: string, value: Parameters<(typeof fields)[number]['toVendor']>[0][string]) =>
      fields.find((field) => field.canonical === canonical)?.toVendor({ [canonical]: value });
    expect(told('chatCredit.share', 0.4)).toEqual({ value: '40' });
    expect(told('chatCredit.amount', { minor: 1_840_000, currency: 'USD' })).toEqual({ value: '18400.00' });
    expect(told('chatCredit.firstChatAt', 0)).toEqual({ value: '1970-01-01T00:00:00.000Z' });
    expect(told('chatCredit.role', null)).toEqual({ value: null });
  });
});

describe('chatbot', () => {
  const common = { sessionId: 'cs_1', visitorId: 'v-20aa', at: '2026-06-30T09:12:00Z' };
  const page = 'https://www.example.com/pricing?utm_source=google&utm_medium=cpc&utm_campaign=spring';

  it('counts a session as one touch, with the UTM of the page that it began on', () => {
    const { events, contributions } = through('chatbot', 'event', {
      ...common,
      id: 'ev_1',
      type: 'session.started',
      landingPage: page,
      referrer: null,
      language: 'en',
    });
    expect(events).toMatchObject([
      {
        type: 'touch.chat',
        subject: 'session:chatbot:cs_1',
        fallbacks: ['visitor:chatbot:v-20aa'],
        data: { channel: 'Chat', session: 'cs_1', utm: { campaign: 'spring' } },
      },
      { type: 'chat.session_started', data: { channel: 'Paid Search' } },
    ]);
    expect(contributions).toMatchObject([
      { kind: 'Conversation', values: { landingPage: { value: page, exact: true } } },
    ]);
  });

  it('counts no touch for a visitor whom an experiment kept the chat from', () => {
    const { events } = through('chatbot', 'event', {
      ...common,
      id: 'ev_1',
      type: 'session.started',
      landingPage: page,
      holdout: true,
    });
    expect(events.map(({ type }) => type)).toEqual(['chat.session_started']);
  });

  it('knows a person from what they say of themselves', () => {
    const said = {
      ...common,
      id: 'ev_5',
      type: 'identified',
      userId: 'cu_77',
      email: 'Tilda@larkmere.example',
      name: 'Tilda Wexcombe',
      phone: '212 555 0142',
      company: 'Larkmere',
    };
    const normalized = through('chatbot', 'event', said, { createdAt: 123 });
    expect(valuesOf(normalized)).toEqual({
      email: 'tilda@larkmere.example',
      firstName: 'Tilda',
      lastName: 'Wexcombe',
      phone: '+12125550142',
      company: 'Larkmere',
      chatLeadAt: Date.UTC(2026, 5, 30, 9, 12),
    });
    expect(keysOf(normalized)).toEqual([
      'id:chatbot:event:ev_5',
      'email:tilda@larkmere.example',
      'chatUser:chatbot:cu_77',
      'visitor:chatbot:v-20aa',
      'session:chatbot:cs_1',
    ]);
    expect(normalized.contributions[0]?.sessions).toEqual(['session:chatbot:cs_1']);
    expect(normalized.contributions[0]?.values.email).toMatchObject({ at: 123, exact: true });
    expect(normalized.events).toEqual([]);
  });

  it.each(['n/a', 'None', '-', 'unknown', 'test'])('takes "%s" in a field for a blank', (word) => {
    const said = {
      ...common,
      id: 'ev_6',
      type: 'identified',
      email: 'a@b.example',
      phone: word,
      company: word,
    };
    expect(valuesOf(through('chatbot', 'event', said))).toMatchObject({ phone: null, company: null });
  });

  it('is not a lead without an address', () => {
    const said = { ...common, id: 'ev_5', type: 'identified', userId: 'cu_77' };
    expect(valuesOf(through('chatbot', 'event', said))).toEqual({});
  });

  it.each([
    [{ type: 'message', from: 'visitor', text: 'Hi' }, ['chat.message']],
    [{ type: 'intent', name: 'ask_price', confidence: 0.9, topic: 'pricing' }, ['chat.intent_recognized']],
    [{ type: 'fallback' }, ['chat.fallback']],
    [{ type: 'goal', name: 'meeting_booked' }, ['chat.goal_completed']],
    [{ type: 'handoff', to: 'sales' }, ['chat.handed_off']],
    [{ type: 'feedback', rating: 5 }, ['chat.feedback', 'csat.rated']],
    [{ type: 'session.ended', messages: 7, topic: 'pricing' }, ['chat.session_ended']],
    [{ type: 'something.new' }, []],
  ])('tells %j', (event, types) => {
    const { events, warnings } = through('chatbot', 'event', {
      ...common,
      id: 'e',
      userId: 'cu_1',
      ...event,
    });
    expect(events.map(({ type }) => type)).toEqual(types);
    expect(events.every(({ subject }) => subject === 'session:chatbot:cs_1')).toBe(true);
    const weaker = ['chatUser:chatbot:cu_1', 'visitor:chatbot:v-20aa'];
    for (const { fallbacks } of events) expect(fallbacks).toEqual(weaker);
    expect(warnings).toEqual([]);
  });
});

describe('a person who left an address in a chat', () => {
  const fields = { email: 'a@b.example', chatLeadAt: 1, firstName: 'Ann', lastName: null };

  it.each([
    ['salesforce', 'Lead', 'Hub_Id__c'],
    ['hubspot', 'contacts', 'hub_id'],
  ] as const)('is created in %s', (system, name, externalId) => {
    const object = objectOf(shipped(system), name);
    expect(object.externalId).toBe(externalId);
    expect([
      object.create?.when(fields),
      object.create?.when({ ...fields, chatLeadAt: null }),
      object.create?.when({ chatLeadAt: 1 }),
    ]).toEqual([true, false, false]);
    const sent = object.fields.filter(({ creates }) => creates).map(({ canonical }) => canonical);
    expect(sent).toEqual(expect.arrayContaining(['email', 'firstName', 'lastName', 'phone', 'company']));
  });

  it('gets a name and a company in Salesforce, which demands them', () => {
    expect(objectOf(shipped('salesforce'), 'Lead').create?.defaults).toMatchObject({
      LastName: '[not provided]',
      Company: '[not provided]',
    });
  });
});
