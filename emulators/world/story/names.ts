/**
 * Names that no one bears, or that stand for anyone (王小明, 山田太郎). In scripts other than Latin a name
 * comes with the Latin spelling that its owner uses in an e-mail address.
 */
export type Name = string | readonly [written: string, latin: string];

export interface NameSet {
  readonly given: readonly Name[];
  readonly family: readonly Name[];
}

type Tongue =
  | 'english'
  | 'german'
  | 'french'
  | 'spanish'
  | 'swedish'
  | 'japanese'
  | 'chinese'
  | 'ukrainian'
  | 'arabic';

export const nameSets: Readonly<Record<Tongue, NameSet>> = {
  english: {
    given: [
      'Tilda',
      'Odo',
      'Marlow',
      'Wren',
      'Ansel',
      'Juniper',
      'Bram',
      'Isolde',
      'Corwin',
      'Posy',
      'Thane',
      'Lettice',
      'Rufus',
      'Maeve',
      'Jasper',
      'Clover',
      'Edric',
      'Saffron',
      'Barnaby',
      'Linnet',
    ],
    family: [
      'Brackenmoor',
      'Quillfeather',
      'Larkmere',
      'Wexcombe',
      'Thistlewick',
      'Ostervane',
      'Foxhollow',
      'Merrowby',
      "O'Quillan",
      'Pennywhistle',
      'Ashdrake',
      'Cobblepot-Reed',
      'Winterbourne',
      "D'Arkwood",
      'Saltmarsh',
      'Hazelgrove',
    ],
  },
  german: {
    given: ['Wiebke', 'Jörn', 'Käthe', 'Lüder', 'Annegret', 'Sönke', 'Heike', 'Till'],
    family: [
      'Nebelwald',
      'Silberbach',
      'Grünstern',
      'Kräuterhof',
      'Mondschein',
      'Straßenfels',
      'Ährenfeld',
      'Windhorn',
    ],
  },
  french: {
    given: ['Élodie', 'Gaël', 'Océane', 'Théo', 'Maëlys', 'Loïc', 'Zoé', 'Aurèle'],
    family: [
      'Beauvallon',
      "L'Éclair",
      'Montfleury',
      'Sérénac',
      "d'Aubelune",
      'Clairépine',
      'Vertbois',
      'Çampagnol',
    ],
  },
  spanish: {
    given: ['Íñigo', 'Lucía', 'Ramón', 'Begoña', 'Álvaro', 'Inés', 'Simón', 'Ángela'],
    family: [
      'Ríoclaro',
      'Peñalba',
      'Montesol',
      'Núñez de Luz',
      'Brisaverde',
      'Campoamor',
      'Olmedalia',
      'Torrealta',
    ],
  },
  swedish: {
    given: ['Åsa', 'Björn', 'Saga', 'Örjan', 'Märta', 'Love'],
    family: ['Granåker', 'Björkvind', 'Stjärnö', 'Älvsund', 'Snöflod', 'Tallbacke'],
  },
  japanese: {
    given: [
      ['太郎', 'taro'],
      ['花子', 'hanako'],
      ['一', 'hajime'],
      ['美咲', 'misaki'],
      ['健', 'ken'],
    ],
    family: [
      ['山田', 'yamada'],
      ['星野谷', 'hoshinoya'],
      ['月見里', 'yamanashi'],
      ['海野原', 'uminohara'],
    ],
  },
  chinese: {
    given: [
      ['小明', 'xiaoming'],
      ['晓雨', 'xiaoyu'],
      ['子墨', 'zimo'],
      ['思源', 'siyuan'],
      ['丽华', 'lihua'],
    ],
    family: [
      ['王', 'wang'],
      ['白', 'bai'],
      ['江', 'jiang'],
      ['欧阳', 'ouyang'],
    ],
  },
  ukrainian: {
    given: [
      ['Зоряна', 'zoriana'],
      ['Тарас', 'taras'],
      ['Мирослава', 'myroslava'],
      ['Богдан', 'bohdan'],
      ['Юлія', 'yuliia'],
    ],
    family: [
      ['Вишневіт', 'vyshnevit'],
      ['Степовійко', 'stepoviiko'],
      ['Громозор', 'hromozor'],
      ['Щедрик', 'shchedryk'],
    ],
  },
  arabic: {
    given: [
      ['نور', 'nour'],
      ['سامي', 'sami'],
      ['ليلى', 'layla'],
      ['يوسف', 'youssef'],
      ['هدى', 'huda'],
    ],
    family: [
      ['النجمي', 'alnajmi'],
      ['الواحة', 'alwaha'],
      ['القمري', 'alqamari'],
      ['الزهري', 'alzahri'],
    ],
  },
};

export function written(name: Name): string {
  return typeof name === 'string' ? name : name[0];
}

/** What stands in an e-mail address: lower-case ASCII letters. */
export function latin(name: Name): string {
  const spelling = typeof name === 'string' ? name : name[1];
  return spelling
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}

export const jobTitles = [
  'Head of Operations',
  'Chief Technology Officer',
  'Purchasing Lead',
  'IT Director',
  'Product Owner',
  'Customer Care Lead',
  'Marketing Director',
  'Data Analyst',
  'Managing Director',
  'Plant Manager',
] as const;

export const companyWords = {
  first: [
    'Amberfield',
    'Quillstone',
    'Northwick',
    'Sundrift',
    'Copperleaf',
    'Brightquay',
    'Elmspire',
    'Foxglove',
    'Graniteer',
    'Harborlight',
    'Ivoryfen',
    'Juniper Rock',
    'Kestrelway',
    'Lanternhill',
    'Mossbridge',
    'Nimbuswell',
    'Oakenshore',
    'Pebblebrook',
    'Ravenmoor',
    'Silverthorn',
  ],
  last: [
    ['Robotics', 'Manufacturing'],
    ['Logistics', 'Transportation'],
    ['Foods', 'Food & Beverage'],
    ['Software', 'Technology'],
    ['Health', 'Healthcare'],
    ['Energy', 'Utilities'],
    ['Textiles', 'Apparel'],
    ['Learning', 'Education'],
    ['Insurance', 'Insurance'],
    ['Outfitters', 'Retail'],
  ],
} as const;
