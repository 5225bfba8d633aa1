import type { HardCase } from '../stage.ts';

/** Deals whose credit is easy to get wrong. */
export const dealCases = {
  'several contacts': {
    says: 'Four people buy together; two of them chatted.',
    tell: ({ cast, person, deal, chat }) => {
      const people = [
        person('p-several-1', ['Marlow', 'Quillfeather'], cast.larkmere),
        person('p-several-2', ['Juniper', 'Ostervane'], cast.larkmere),
        person('p-several-3', ['Odo', 'Thistlewick'], cast.larkmere),
        person('p-several-4', ['Wren', "O'Quillan"], cast.larkmere),
      ] as const;
      return {
        people,
        deals: [
          deal(
            'd-several',
            people,
            [
              ['prospecting', 66],
              ['qualified', 55],
              ['proposal', 38],
              ['won', 10],
            ],
            { crossReferenced: true, amountMinor: 9_600_001 },
          ),
        ],
        conversations: [
          chat('s-several-1', people[0], 72),
          chat('s-several-2', people[2], 47, { topic: 'integration' }),
          chat('s-several-3', people[2], 20, { topic: 'support' }),
        ],
      };
    },
  },
  'zero-decimal currency': {
    says: 'Three deals in yen, which has no smaller unit; one of them was chatted about.',
    tell: ({ cast, person, deal, chat }) => {
      const taro = person(
        'p-yen',
        [
          ['太郎', 'taro'],
          ['山田', 'yamada'],
        ],
        cast.hoshizora,
      );
      const misaki = person(
        'p-yen-2',
        [
          ['美咲', 'misaki'],
          ['星野谷', 'hoshinoya'],
        ],
        cast.hoshizora,
      );
      return {
        people: [taro, misaki],
        deals: [
          deal(
            'd-yen-1',
            [taro, misaki],
            [
              ['prospecting', 77],
              ['won', 21],
            ],
            { amountMinor: 4_850_001, crossReferenced: true },
          ),
          deal('d-yen-2', [misaki], [['prospecting', 30]], { amountMinor: 990_000, in: ['salesforce'] }),
          deal(
            'd-yen-3',
            [taro],
            [
              ['prospecting', 120],
              ['lost', 100],
            ],
            { amountMinor: 1_200_000, in: ['hubspot'] },
          ),
        ],
        conversations: [
          chat('s-yen-1', taro, 80),
          chat('s-yen-2', taro, 60, { topic: 'demo' }),
          chat('s-yen-3', misaki, 33),
        ],
      };
    },
  },
  'without any chat': {
    says: 'A won deal none of whose people ever chatted.',
    tell: ({ cast, person, deal }) => {
      const quiet = person('p-never-chatted', ['Gaël', 'Vertbois'], cast.chouette);
      return {
        people: [quiet],
        deals: [
          deal(
            'd-without-chat',
            [quiet],
            [
              ['prospecting', 90],
              ['won', 30],
            ],
            { crossReferenced: true },
          ),
        ],
      };
    },
  },
  'chat after it closed': {
    says: 'The only chat came after the deal was won: no credit.',
    tell: ({ cast, person, deal, chat }) => {
      const late = person('p-chatted-late', ['Océane', 'Montfleury'], cast.chouette);
      return {
        people: [late],
        deals: [
          deal(
            'd-chat-after-close',
            [late],
            [
              ['prospecting', 110],
              ['won', 70],
            ],
            { crossReferenced: true },
          ),
        ],
        conversations: [chat('s-after-close', late, 25, { topic: 'support' })],
      };
    },
  },
  'chat before the lookback window': {
    says: 'The only chat was most of a year before the deal was won.',
    tell: ({ cast, person, deal, chat, ago }) => {
      const early = person('p-chatted-early', ['Théo', 'Sérénac'], cast.chouette, { createdAt: ago(345) });
      return {
        people: [early],
        deals: [
          deal(
            'd-chat-before-window',
            [early],
            [
              ['prospecting', 60],
              ['won', 12],
            ],
            { crossReferenced: true },
          ),
        ],
        conversations: [chat('s-before-window', early, 340)],
      };
    },
  },
  'amount zero': {
    says: 'A chatted deal without an amount: a share, and no money to split.',
    tell: ({ cast, person, deal, chat }) => {
      const pilot = person('p-amount-zero', ['Heike', 'Straßenfels'], cast.nordlicht);
      return {
        people: [pilot],
        deals: [
          deal(
            'd-amount-zero',
            [pilot],
            [
              ['prospecting', 40],
              ['qualified', 28],
            ],
            { amountMinor: 0, crossReferenced: true },
          ),
        ],
        conversations: [chat('s-amount-zero', pilot, 44)],
      };
    },
  },
  'likely the same deal': {
    says: 'One deal is in both systems with no cross-reference: to be suggested, never joined silently.',
    tell: ({ cast, person, deal, chat }) => {
      const pair = person('p-likely-pair', ['Linnet', 'Cobblepot-Reed'], cast.larkmere);
      return {
        people: [pair],
        deals: [
          deal(
            'd-likely-pair',
            [pair],
            [
              ['prospecting', 33],
              ['proposal', 19],
            ],
            { amountMinor: 2_750_000 },
          ),
        ],
        conversations: [chat('s-likely-pair', pair, 36)],
      };
    },
  },
  'deleted deals': {
    says: 'A deal that was deleted in Salesforce, another in HubSpot; both had a chat.',
    tell: ({ cast, person, deal, chat, ago }) => {
      const gone = person('p-deleted-deals', ['Jasper', "D'Arkwood"], cast.larkmere);
      return {
        people: [gone],
        deals: [
          deal('d-deleted-salesforce', [gone], [['prospecting', 80]], {
            in: ['salesforce'],
            deleted: { salesforce: ago(13) },
          }),
          deal('d-deleted-hubspot', [gone], [['prospecting', 75]], {
            in: ['hubspot'],
            deleted: { hubspot: ago(14) },
          }),
        ],
        conversations: [chat('s-deleted-deals', gone, 82)],
      };
    },
  },
  reopened: {
    says: 'A lost deal was reopened and won.',
    tell: ({ cast, person, deal, chat }) => {
      const back = person('p-reopened', ['Aurèle', 'Beauvallon'], cast.chouette);
      return {
        people: [back],
        deals: [
          deal(
            'd-reopened',
            [back],
            [
              ['prospecting', 130],
              ['lost', 95],
              ['negotiation', 50],
              ['won', 16],
            ],
            { crossReferenced: true },
          ),
        ],
        conversations: [chat('s-reopened', back, 55, { topic: 'integration' })],
      };
    },
  },
} as const satisfies Record<string, HardCase>;
