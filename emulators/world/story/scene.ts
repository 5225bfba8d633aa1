/** What every part of the story shares: the calendar, and the registers that keep addresses and numbers unique. */
import { fingerprint } from '../../../src/support/fingerprint.ts';
import type { WorldCompany, WorldSystem } from '../world.ts';
import { type PhoneBook, type PlaceCode, phoneBook, places } from './places.ts';

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

export const bothSystems: readonly WorldSystem[] = ['salesforce', 'hubspot'];

export interface Scene {
  readonly seed: number;
  readonly now: number;
  readonly phones: PhoneBook;
  /** The address itself when it is free, else the next free one of the same name. */
  claimEmail(local: string, domain: string): string;
}

export function openScene(seed: number, now: number): Scene {
  const claimed = new Set<string>();
  const claimEmail = (local: string, domain: string) => {
    let address = `${local}@${domain}`;
    for (let n = 2; claimed.has(address); n += 1) address = `${local}${n}@${domain}`;
    claimed.add(address);
    return address;
  };
  return { seed, now, phones: phoneBook(), claimEmail };
}

/** `days` before the world's today; fractions are hours. */
export function ago(scene: Scene, days: number): number {
  return Math.round(scene.now - days * day);
}

/** One browser of one person. */
export function visitor(scene: Scene, owner: string, device = 1): string {
  return `v-${fingerprint(`${scene.seed} ${owner} ${device}`, 12)}`;
}

export function placeOf(company: WorldCompany): PlaceCode {
  for (const code of placeCodes) if (places[code].country === company.country) return code;
  throw new RangeError(`${company.key} is in ${company.country}, which is not in places.ts`);
}

const placeCodes = Object.keys(places) as PlaceCode[];

export function isoDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
