import type { HardCase } from '../stage.ts';

/** Who is it that chats? */
export const chatCases = {
  'anonymous, then identified': {
    says: 'Three nameless sessions of one visitor, then a fourth in which the visitor says who it is.',
    tell: ({ cast, person, deal, chat }) => {
      const isolde = person('p-identified-later', ['Isolde', 'Brackenmoor'], cast.larkmere, {
        utm: { source: 'google', medium: 'cpc', campaign: 'search-chat-crm', term: 'crm chatbot' },
      });
      const before = { identified: false } as const;
      return {
        people: [isolde],
        deals: [
          deal(
            'd-identified-later',
            [isolde],
            [
              ['prospecting', 50],
              ['qualified', 44],
              ['won', 14],
            ],
            { crossReferenced: true },
          ),
        ],
        conversations: [
          chat('s-identified-1', isolde, 74, { ...before, utm: isolde.utm }),
          chat('s-identified-2', isolde, 66, { ...before, topic: 'integration' }),
          chat('s-identified-3', isolde, 59, { ...before, topic: 'support', misunderstood: true }),
          chat('s-identified-4', isolde, 52, { topic: 'demo', rating: 5 }),
        ],
      };
    },
  },
  'shared device': {
    says: 'Two people used one browser: both named themselves under one visitor id, and one session named nobody.',
    tell: ({ cast, person, deal, chat, visitor }) => {
      const one = person('p-shared-1', ['Käthe', 'Grünstern'], cast.nordlicht);
      const two = person('p-shared-2', ['Annegret', 'Kräuterhof'], cast.nordlicht);
      const visitorId = visitor('the tablet at the reception');
      return {
        people: [one, two],
        deals: [
          deal(
            'd-shared-1',
            [one],
            [
              ['prospecting', 60],
              ['won', 25],
            ],
            { in: ['salesforce'] },
          ),
          deal(
            'd-shared-2',
            [two],
            [
              ['prospecting', 35],
              ['proposal', 16],
            ],
            { in: ['hubspot'] },
          ),
        ],
        conversations: [
          chat('s-shared-1', one, 64, { visitorId }),
          chat('s-shared-anonymous', null, 50, { visitorId, language: 'de' }),
          chat('s-shared-2', two, 40, { visitorId, topic: 'integration' }),
        ],
      };
    },
  },
  'lead converted after a chat': {
    says: 'A lead chatted as a lead; weeks later the conversion made contact and deal.',
    tell: ({ cast, person, deal, chat, ago }) => {
      const key = 'd-converted-after-chat';
      const lead = person('p-converted-after-chat', ['Ansel', 'Winterbourne'], cast.larkmere, {
        createdAt: ago(95),
        modifiedAt: ago(58),
        lifecycle: 'opportunity',
        salesforce: { as: 'convertedLead', convertedAt: ago(58), dealKey: key, status: 'Closed - Converted' },
      });
      return {
        people: [lead],
        deals: [
          deal(
            key,
            [lead],
            [
              ['prospecting', 58],
              ['negotiation', 30],
              ['won', 6],
            ],
            { crossReferenced: true },
          ),
        ],
        conversations: [chat('s-converted-1', lead, 88), chat('s-converted-2', lead, 41, { topic: 'demo' })],
      };
    },
  },
  'known from chat alone': {
    says: 'Three people left their address in a chat; no CRM knows them yet.',
    tell: ({ person, chat, ago }) => {
      const rest = { in: [], createdAt: ago(30) } as const;
      const clover = person('p-chat-only-1', ['Clover', 'Pennywhistle'], null, { ...rest, place: 'US' });
      const inigo = person('p-chat-only-2', ['Íñigo', 'Ríoclaro'], null, { ...rest, place: 'ES' });
      const hanako = person(
        'p-chat-only-3',
        [
          ['花子', 'hanako'],
          ['海野原', 'uminohara'],
        ],
        null,
        { ...rest, place: 'JP' },
      );
      return {
        people: [clover, inigo, hanako],
        conversations: [
          chat('s-chat-only-1', clover, 29, { topic: 'integration', company: 'Pennywhistle Crafts' }),
          chat('s-chat-only-2', inigo, 22, { topic: 'demo' }),
          chat('s-chat-only-3', hanako, 3, { topic: 'integration', company: '海野原商店', handedOff: true }),
        ],
      };
    },
  },
} as const satisfies Record<string, HardCase>;
