/**
 * Any number of contacts that cost no memory: the n-th one is computed when asked for. Their order by id is
 * their order by time. Most stamps are shared by seven records, and once per hundred thousand an import wrote
 * three thousand in the same second, so that ties cross page edges.
 */
import { withChecksum } from '../../world/ids.ts';
import { base62Digits } from '../ids.ts';
import type { Row } from '../schema/model.ts';
import { wireTime } from '../time.ts';
import { beforeId, lowerBound, type Place } from './sorted.ts';

export interface SyntheticRows {
  readonly length: number;
  at(index: number): Row;
  /** -1 for an id that is not one of these. */
  indexOfId(id: string): number;
  /** Number of records before the place. */
  indexOf(place: Place): number;
}

const prefix = '0035gS';
const firstSecond = Date.parse('2024-01-01T00:00:00Z') / 1000;
const tie = 7;
const secondsPerTie = 300;
const importEvery = 100_000;
const importAt = 10_000;
const importSize = 3_000;

const firstNames = [
  'Ada',
  'Björn',
  'Chioma',
  'Dmitri',
  'Elif',
  'Fatima',
  'Grace',
  'Hiroshi',
  'Inés',
  'Jürgen',
  '明',
];
const lastNames = ['Okafor', 'Müller', 'Sato', 'García', 'Nowak', "O'Brien", 'Ивáнов', 'Larsen', 'Dubois'];
const titles = ['Buyer', 'Head of Operations', 'CFO', 'Engineer', null, 'Marketing Lead'];
const cities = ['Lagos', 'Köln', '大阪', 'Bogotá', 'Warszawa', 'Galway'];

export function syntheticContacts(length: number, ownerId: string): SyntheticRows {
  let lastSecond = -1;
  let lastStamp = '';
  const stamp = (index: number) => {
    const second = secondOf(index);
    if (second !== lastSecond) {
      lastSecond = second;
      lastStamp = wireTime(second * 1000);
    }
    return lastStamp;
  };
  return {
    length,
    at: (index) => contact(index, stamp(index), ownerId),
    indexOfId: (id) => indexOfId(id, length),
    indexOf: (place) => lowerBound(length, (index) => beforeId(stamp(index), idOf(index)) < place),
  };
}

function secondOf(index: number): number {
  const inImport = (index % importEvery) - importAt;
  const anchor = inImport >= 0 && inImport < importSize ? index - inImport : index;
  return firstSecond + Math.floor(anchor / tie) * secondsPerTie;
}

function idOf(index: number): string {
  return withChecksum(`${prefix}${base62Digits(index)}`);
}

function indexOfId(id: string, length: number): number {
  if (!id.startsWith(prefix)) return -1;
  const index = lowerBound(length, (at) => idOf(at) < id);
  return index < length && idOf(index) === id ? index : -1;
}

function contact(index: number, stamp: string, ownerId: string): Row {
  const first = firstNames[index % firstNames.length] ?? '';
  const last = `${lastNames[index % lastNames.length]} ${index}`;
  return {
    Id: idOf(index),
    IsDeleted: false,
    LastName: last,
    FirstName: first,
    Email: `person${index}@example.com`,
    Phone: `+1 555 ${String(index).padStart(7, '0')}`,
    Title: titles[index % titles.length] ?? null,
    MailingCity: cities[index % cities.length] ?? null,
    MailingCountry: 'Atlantis',
    LeadSource: index % 3 === 0 ? 'Web' : null,
    HasOptedOutOfEmail: index % 50 === 0,
    OwnerId: ownerId,
    CurrencyIsoCode: 'USD',
    CreatedDate: stamp,
    CreatedById: ownerId,
    LastModifiedDate: stamp,
    LastModifiedById: ownerId,
    SystemModstamp: stamp,
    IsEmailBounced: false,
    CleanStatus: 'Pending',
  };
}
