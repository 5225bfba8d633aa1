/** Countries by whatever a CRM calls them: `FR`, `FRA`, `France`, `Frankreich`, `U.S.A.`. */

/** ISO 3166: both letter codes of every country, alpha-2 and alpha-3. */
const codes =
  `AD AND AE ARE AF AFG AG ATG AI AIA AL ALB AM ARM AO AGO AQ ATA AR ARG AS ASM AT AUT AU AUS AW ABW
  AX ALA AZ AZE BA BIH BB BRB BD BGD BE BEL BF BFA BG BGR BH BHR BI BDI BJ BEN BL BLM BM BMU BN BRN BO BOL BQ BES
  BR BRA BS BHS BT BTN BV BVT BW BWA BY BLR BZ BLZ CA CAN CC CCK CD COD CF CAF CG COG CH CHE CI CIV CK COK CL CHL
  CM CMR CN CHN CO COL CR CRI CU CUB CV CPV CW CUW CX CXR CY CYP CZ CZE DE DEU DJ DJI DK DNK DM DMA DO DOM DZ DZA
  EC ECU EE EST EG EGY EH ESH ER ERI ES ESP ET ETH FI FIN FJ FJI FK FLK FM FSM FO FRO FR FRA GA GAB GB GBR GD GRD
  GE GEO GF GUF GG GGY GH GHA GI GIB GL GRL GM GMB GN GIN GP GLP GQ GNQ GR GRC GS SGS GT GTM GU GUM GW GNB GY GUY
  HK HKG HM HMD HN HND HR HRV HT HTI HU HUN ID IDN IE IRL IL ISR IM IMN IN IND IO IOT IQ IRQ IR IRN IS ISL IT ITA
  JE JEY JM JAM JO JOR JP JPN KE KEN KG KGZ KH KHM KI KIR KM COM KN KNA KP PRK KR KOR KW KWT KY CYM KZ KAZ LA LAO
  LB LBN LC LCA LI LIE LK LKA LR LBR LS LSO LT LTU LU LUX LV LVA LY LBY MA MAR MC MCO MD MDA ME MNE MF MAF MG MDG
  MH MHL MK MKD ML MLI MM MMR MN MNG MO MAC MP MNP MQ MTQ MR MRT MS MSR MT MLT MU MUS MV MDV MW MWI MX MEX MY MYS
  MZ MOZ NA NAM NC NCL NE NER NF NFK NG NGA NI NIC NL NLD NO NOR NP NPL NR NRU NU NIU NZ NZL OM OMN PA PAN PE PER
  PF PYF PG PNG PH PHL PK PAK PL POL PM SPM PN PCN PR PRI PS PSE PT PRT PW PLW PY PRY QA QAT RE REU RO ROU RS SRB
  RU RUS RW RWA SA SAU SB SLB SC SYC SD SDN SE SWE SG SGP SH SHN SI SVN SJ SJM SK SVK SL SLE SM SMR SN SEN SO SOM
  SR SUR SS SSD ST STP SV SLV SX SXM SY SYR SZ SWZ TC TCA TD TCD TF ATF TG TGO TH THA TJ TJK TK TKL TL TLS TM TKM
  TN TUN TO TON TR TUR TT TTO TV TUV TW TWN TZ TZA UA UKR UG UGA UM UMI US USA UY URY UZ UZB VA VAT VC VCT VE VEN
  VG VGB VI VIR VN VNM VU VUT WF WLF WS WSM XK XKX YE YEM YT MYT ZA ZAF ZM ZMB ZW ZWE`.split(/\s+/);

const alpha2 = codes.filter((_, index) => index % 2 === 0);

/** In wide use, and neither a code nor the name that dictionaries give. */
const alsoCalled: Readonly<Record<string, readonly string[]>> = {
  AE: ['UAE', 'Emirates'],
  AT: ['Oesterreich'],
  BA: ['Bosnia'],
  CD: ['DR Congo', 'DRC', 'Democratic Republic of the Congo', 'Congo, Democratic Republic of the'],
  CG: ['Republic of the Congo'],
  CI: ['Ivory Coast'],
  CN: ["People's Republic of China", 'PRC', 'PR China', 'Mainland China'],
  CV: ['Cape Verde'],
  CZ: ['Czech Republic', 'Česká republika'],
  DE: ['BRD', 'Federal Republic of Germany', 'Bundesrepublik Deutschland'],
  ES: ['Kingdom of Spain'],
  FK: ['Falklands'],
  GB: [
    ...['UK', 'Great Britain', 'Britain', 'England', 'Scotland', 'Wales', 'Northern Ireland'],
    'United Kingdom of Great Britain and Northern Ireland',
  ],
  GR: ['Hellas'],
  HK: ['Hong Kong', 'Hong Kong SAR', '香港'],
  IE: ['Republic of Ireland', 'Eire'],
  IR: ['Iran, Islamic Republic of', 'Islamic Republic of Iran'],
  KP: ["Democratic People's Republic of Korea"],
  KR: ['Korea', 'Republic of Korea', 'Korea, Republic of', 'Korea (South)'],
  LA: ["Lao People's Democratic Republic"],
  MD: ['Republic of Moldova', 'Moldova, Republic of'],
  MK: ['Macedonia', 'FYROM'],
  MM: ['Burma', 'Myanmar'],
  MO: ['Macau', 'Macao'],
  NL: ['Holland', 'The Netherlands'],
  PS: ['Palestine'],
  RS: ['Republic of Serbia', 'Srbija'],
  RU: ['Russian Federation', 'Российская Федерация'],
  SA: ['KSA', 'Kingdom of Saudi Arabia'],
  SY: ['Syrian Arab Republic'],
  SZ: ['Swaziland'],
  TH: ['ประเทศไทย'],
  TL: ['East Timor'],
  TR: ['Turkey', 'Türkiye'],
  TW: ['Taiwan, Province of China', 'Republic of China', '臺灣', '台灣'],
  TZ: ['Tanzania, United Republic of', 'United Republic of Tanzania'],
  US: [
    ...['U.S.', 'U.S.A.', 'United States of America', 'The United States', 'America', 'EUA', 'EE. UU.'],
    'Vereinigte Staaten von Amerika',
    "États-Unis d'Amérique",
    'Estados Unidos de América',
  ],
  VA: ['Holy See', 'Vatican'],
  VE: ['Venezuela, Bolivarian Republic of'],
  VN: ['Viet Nam'],
};

/** Names are known in these languages, besides in the main one of each country itself. */
const languages = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'da', 'pl', 'ja', 'zh'];

/** A name that two countries share names neither. */
type Names = ReadonlyMap<string, string | null>;

let names: Names | undefined;

/** True for an alpha-2 code in capitals. */
export function isCountryCode(text: string): boolean {
  return alpha2.includes(text);
}

/** The alpha-2 code; null for what is no country that anybody knows by that name. */
export function countryOf(text: string): string | null {
  names ??= allNames();
  return names.get(plain(text)) ?? null;
}

function allNames(): Names {
  const found = new Map<string, string | null>();
  const add = (name: string | undefined, code: string) => {
    const key = plain(name ?? '');
    if (key !== '') found.set(key, found.has(key) && found.get(key) !== code ? null : code);
  };
  for (const code of alpha2) {
    const own = new Intl.Locale('und', { region: code }).maximize().language;
    for (const language of [...languages, own]) add(dictionaryOf(language).of(code), code);
    for (const name of alsoCalled[code] ?? []) add(name, code);
  }
  // What a code says holds, whatever it may spell in some language.
  codes.forEach((code, index) => {
    found.set(plain(code), codes[index - (index % 2)] ?? null);
  });
  return found;
}

const dictionaries = new Map<string, Intl.DisplayNames>();

function dictionaryOf(language: string): Intl.DisplayNames {
  const known = dictionaries.get(language);
  const dictionary = known ?? new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
  dictionaries.set(language, dictionary);
  return dictionary;
}

/** Case, accents, punctuation and spacing mean nothing. */
function plain(text: string): string {
  return text
    .replaceAll('&', 'and')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}]/gu, '');
}
