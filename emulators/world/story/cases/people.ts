import type { HardCase } from '../stage.ts';

const fairGuests = 36;

/** Records of people that disagree, repeat, vanish or say nothing. */
export const peopleCases = {
  'conflict, Salesforce later': {
    says: 'Both systems changed the phone; Salesforce did so last.',
    tell: ({ cast, person, ago }) => ({
      people: [
        person('p-conflict-salesforce', ['Corwin', 'Larkmere'], cast.larkmere, {
          phone: '+1 971-555-0181',
          told: {
            hubspot: { phone: '+1 971-555-0182', title: 'Head of Purchasing', at: ago(60) },
            salesforce: { phone: '+1 971-555-0183', at: ago(12) },
          },
        }),
      ],
    }),
  },
  'conflict, HubSpot later': {
    says: 'Both systems changed phone and title; HubSpot did so last.',
    tell: ({ cast, person, ago }) => ({
      people: [
        person('p-conflict-hubspot', ['Wiebke', 'Silberbach'], cast.nordlicht, {
          phone: '+49 30 23125 981',
          told: {
            salesforce: { phone: '+49 30 23125 982', title: 'Einkauf', at: ago(75) },
            hubspot: { phone: '+49 30 23125 983', title: 'Leitung Einkauf', at: ago(9) },
          },
        }),
      ],
    }),
  },
  'blank in one system': {
    says: 'Title and phone are blank in one system and filled in the other, once each way; the blank is newer.',
    tell: ({ cast, person, ago }) => ({
      people: [
        person('p-blank-salesforce', ['Saffron', 'Hazelgrove'], cast.larkmere, {
          title: 'Plant Manager',
          told: { salesforce: { title: null, phone: null, at: ago(5) } },
        }),
        person('p-blank-hubspot', ['Sönke', 'Windhorn'], cast.nordlicht, {
          title: 'Werksleiter',
          told: { hubspot: { title: null, phone: null, city: null, at: ago(4) } },
        }),
      ],
    }),
  },
  'merged in Salesforce': {
    says: 'Two contacts of one person were merged in Salesforce; the loser had chatted under an old address.',
    tell: ({ cast, person, deal, chat, ago }) => {
      const winner = person('p-merge-salesforce-winner', ['Maeve', 'Foxhollow'], cast.larkmere);
      const loser = person('p-merge-salesforce-loser', ['Maeve', 'Foxhollow'], cast.larkmere, {
        in: ['salesforce'],
        email: 'maeve.foxhollow@example.net',
        createdAt: ago(180),
        mergedInto: { system: 'salesforce', personKey: winner.key, at: ago(15) },
      });
      return {
        people: [winner, loser],
        deals: [
          deal(
            'd-merged-salesforce',
            [winner],
            [
              ['prospecting', 70],
              ['proposal', 40],
              ['won', 8],
            ],
          ),
        ],
        conversations: [chat('s-merged-salesforce', loser, 55)],
      };
    },
  },
  'merged in HubSpot': {
    says: 'Two contacts of one person were merged in HubSpot; each had chatted.',
    tell: ({ cast, person, deal, chat, ago }) => {
      const winner = person('p-merge-hubspot-winner', ['Jörn', 'Nebelwald'], cast.nordlicht);
      const loser = person('p-merge-hubspot-loser', ['Jörn', 'Nebelwald'], cast.nordlicht, {
        in: ['hubspot'],
        email: 'joern.nebelwald@example.org',
        createdAt: ago(170),
        mergedInto: { system: 'hubspot', personKey: winner.key, at: ago(20) },
      });
      return {
        people: [winner, loser],
        deals: [
          deal(
            'd-merged-hubspot',
            [winner],
            [
              ['prospecting', 65],
              ['qualified', 30],
            ],
            { in: ['hubspot'] },
          ),
        ],
        conversations: [
          chat('s-merged-hubspot-loser', loser, 62),
          chat('s-merged-hubspot-winner', winner, 41),
        ],
      };
    },
  },
  'deleted in Salesforce': {
    says: 'A lead that was deleted in Salesforce and never was anywhere else.',
    tell: ({ person, ago }) => ({
      people: [
        person('p-deleted-salesforce', ['Rufus', 'Saltmarsh'], null, {
          in: ['salesforce'],
          salesforce: { as: 'lead', status: 'Open - Not Contacted' },
          deleted: { salesforce: ago(18) },
        }),
      ],
    }),
  },
  'deleted in HubSpot': {
    says: 'A contact that was deleted in HubSpot and still is in Salesforce.',
    tell: ({ cast, person, ago }) => ({
      people: [
        person('p-deleted-hubspot', ['Lüder', 'Mondschein'], cast.nordlicht, {
          deleted: { hubspot: ago(11) },
        }),
      ],
    }),
  },
  'equal timestamps': {
    says: `${fairGuests} guests of a fair were imported into both systems in one second: equal change times.`,
    tell: ({ person, ago, draw }) => ({
      people: Array.from({ length: fairGuests }, (_, index) =>
        person(
          `p-fair-${String(index + 1).padStart(2, '0')}`,
          [draw.pick(givenAtTheFair), `Messegast-${index + 1}`],
          null,
          {
            createdAt: ago(45),
            salesforce: { as: 'lead', status: 'Open - Not Contacted' },
            phone: null,
            utm: { source: 'fair', medium: 'event', campaign: 'spring-fair' },
          },
        ),
      ),
    }),
  },
  'duplicates in Salesforce': {
    says: 'Two contacts and a lead of one person in Salesforce share one e-mail address.',
    tell: ({ cast, person, ago }) => {
      const email = 'posy.wexcombe@larkmere.example';
      const name = ['Posy', 'Wexcombe'] as const;
      return {
        people: [
          person('p-duplicate-1', name, cast.larkmere, { email, title: 'Data Analyst' }),
          person('p-duplicate-2', name, cast.larkmere, { email, in: ['salesforce'], createdAt: ago(120) }),
          person('p-duplicate-3', name, null, {
            email,
            in: ['salesforce'],
            createdAt: ago(90),
            salesforce: { as: 'lead', status: 'Working - Contacted' },
          }),
        ],
      };
    },
  },
  'mixed-case e-mail': {
    says: 'Salesforce, HubSpot and the chat write one address in three cases.',
    tell: ({ cast, person, chat, ago }) => {
      const mixed = person('p-mixed-case', ['Barnaby', 'Merrowby'], cast.larkmere, {
        email: 'barnaby.merrowby@larkmere.example',
        told: { salesforce: { email: 'Barnaby.Merrowby@Larkmere.Example', at: ago(150) } },
      });
      return {
        people: [mixed],
        conversations: [chat('s-mixed-case', mixed, 33, { email: 'BARNABY.MERROWBY@larkmere.example' })],
      };
    },
  },
  namesakes: {
    says: 'Two different people of one company bear one name; only their addresses differ.',
    tell: ({ cast, person }) => ({
      people: [
        person('p-namesake-1', ['Till', 'Ährenfeld'], cast.nordlicht),
        person('p-namesake-2', ['Till', 'Ährenfeld'], cast.nordlicht, { title: 'Auszubildender' }),
      ],
    }),
  },
  'without e-mail': {
    says: 'A Salesforce contact with a phone and no e-mail address.',
    tell: ({ cast, person }) => ({
      people: [
        person('p-without-email', ['Edric', 'Ashdrake'], cast.larkmere, {
          in: ['salesforce'],
          email: null,
          phone: '+1 971-555-0184',
        }),
      ],
    }),
  },
  'names in other scripts': {
    says: 'Chinese, Cyrillic and Arabic names, accents and apostrophes; one of them chats in emoji.',
    tell: ({ cast, person, deal, chat }) => {
      const wang = person(
        'p-chinese',
        [
          ['小明', 'xiaoming'],
          ['王', 'wang'],
        ],
        cast.baiyun,
      );
      const zoriana = person(
        'p-cyrillic',
        [
          ['Зоряна', 'zoriana'],
          ['Вишневіт', 'vyshnevit'],
        ],
        cast.vyshnia,
      );
      const nour = person(
        'p-arabic',
        [
          ['نور', 'nour'],
          ['الواحة', 'alwaha'],
        ],
        cast.waha,
      );
      const zoe = person('p-accents', ['Zoé-Maëlys', "L'Éclair d'Aubelune"], cast.chouette);
      return {
        people: [wang, zoriana, nour, zoe],
        deals: [
          deal(
            'd-chinese',
            [wang],
            [
              ['prospecting', 80],
              ['won', 20],
            ],
            { crossReferenced: true },
          ),
          deal(
            'd-accents',
            [zoe],
            [
              ['prospecting', 50],
              ['proposal', 25],
            ],
            { crossReferenced: true },
          ),
        ],
        conversations: [
          chat('s-chinese', wang, 85),
          chat('s-cyrillic', zoriana, 40, { topic: 'demo' }),
          chat('s-arabic', nour, 38),
          chat('s-emoji', zoe, 52, { says: 'Génial 🎉👩🏽‍💻 — à jeudi !', topic: 'demo' }),
        ],
      };
    },
  },
} as const satisfies Record<string, HardCase>;

const givenAtTheFair = ['Heike', 'Annegret', 'Linnet', 'Thane', 'Inés', 'Loïc', 'Saga', 'Käthe'];
