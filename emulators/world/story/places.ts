/**
 * Where the world's people live. Phone numbers come from ranges that regulators keep free for fiction
 * (North America 555-01xx, Ofcom 020 7946 0xxx, Bundesnetzagentur 030 23125 xxx, Arcep 01 99 00 xx xx,
 * PTS 08-465 004 xx, ACMA 02 5550 xxxx), so they pass a validator and ring nowhere. Countries without such
 * a range have no phones here.
 */
import { type NameSet, nameSets } from './names.ts';

export type PlaceCode = 'US' | 'CA' | 'GB' | 'DE' | 'FR' | 'ES' | 'SE' | 'AU' | 'JP' | 'CN' | 'UA' | 'EG';

export interface Place {
  readonly country: string;
  readonly currency: 'USD' | 'EUR' | 'JPY';
  readonly language: string;
  readonly cities: readonly string[];
  readonly names: NameSet;
  /** The nth fictional number of the country; null where there is none (left). */
  phone(serial: number): string | null;
}

const noPhone = () => null;
const digits = (serial: number, length: number) => String(serial).padStart(length, '0');
/** Fifty to each area code of North America, so that any two serials differ. */
const northAmerica = (areas: readonly number[]) => (serial: number) => {
  const area = areas[Math.floor(serial / 100)];
  return area === undefined ? null : `+1 ${area}-555-01${digits(serial % 100, 2)}`;
};

export const places: Readonly<Record<PlaceCode, Place>> = {
  US: {
    country: 'United States',
    currency: 'USD',
    language: 'en',
    cities: ['Portland', 'Austin', 'Boston', 'Denver'],
    names: nameSets.english,
    phone: northAmerica([503, 512, 617, 303, 212, 415]),
  },
  CA: {
    country: 'Canada',
    currency: 'USD',
    language: 'en',
    cities: ['Toronto', 'Montréal'],
    names: nameSets.english,
    phone: northAmerica([416, 514]),
  },
  GB: {
    country: 'United Kingdom',
    currency: 'USD',
    language: 'en',
    cities: ['London', 'Leeds'],
    names: nameSets.english,
    phone: (serial) => `+44 20 7946 0${digits(serial, 3)}`,
  },
  DE: {
    country: 'Germany',
    currency: 'EUR',
    language: 'de',
    cities: ['Berlin', 'München', 'Köln'],
    names: nameSets.german,
    phone: (serial) => `+49 30 23125 ${digits(serial, 3)}`,
  },
  FR: {
    country: 'France',
    currency: 'EUR',
    language: 'fr',
    cities: ['Paris', 'Orléans'],
    names: nameSets.french,
    phone: (serial) => `+33 1 99 00 ${digits(Math.floor(serial / 100), 2)} ${digits(serial % 100, 2)}`,
  },
  ES: {
    country: 'Spain',
    currency: 'EUR',
    language: 'es',
    cities: ['A Coruña', 'Málaga'],
    names: nameSets.spanish,
    phone: noPhone,
  },
  SE: {
    country: 'Sweden',
    currency: 'EUR',
    language: 'en',
    cities: ['Göteborg', 'Malmö'],
    names: nameSets.swedish,
    phone: (serial) => (serial < 100 ? `+46 8 465 004 ${digits(serial, 2)}` : null),
  },
  AU: {
    country: 'Australia',
    currency: 'USD',
    language: 'en',
    cities: ['Sydney', 'Perth'],
    names: nameSets.english,
    phone: (serial) => `+61 2 5550 ${digits(serial, 4)}`,
  },
  JP: {
    country: 'Japan',
    currency: 'JPY',
    language: 'ja',
    cities: ['東京', '大阪'],
    names: nameSets.japanese,
    phone: noPhone,
  },
  CN: {
    country: 'China',
    currency: 'USD',
    language: 'zh',
    cities: ['上海', '深圳'],
    names: nameSets.chinese,
    phone: noPhone,
  },
  UA: {
    country: 'Ukraine',
    currency: 'EUR',
    language: 'uk',
    cities: ['Київ', 'Львів'],
    names: nameSets.ukrainian,
    phone: noPhone,
  },
  EG: {
    country: 'Egypt',
    currency: 'USD',
    language: 'ar',
    cities: ['القاهرة', 'الإسكندرية'],
    names: nameSets.arabic,
    phone: noPhone,
  },
};

/** How often each country comes up among the generated companies. */
export const placeOdds: readonly PlaceCode[] = [
  'US',
  'US',
  'US',
  'US',
  'GB',
  'GB',
  'CA',
  'DE',
  'DE',
  'DE',
  'FR',
  'FR',
  'ES',
  'SE',
  'AU',
  'JP',
  'CN',
  'UA',
  'EG',
];

export type PhoneBook = (place: PlaceCode) => string | null;

/** Hands out each number once: a shared number would join two people. */
export function phoneBook(): PhoneBook {
  const issued = new Map<PlaceCode, number>();
  return (code) => {
    const serial = issued.get(code) ?? 0;
    issued.set(code, serial + 1);
    return places[code].phone(serial);
  };
}
