/** What the refusal of a whole batch says about the records in it. */
import type { Fault } from '../../../src/connector/fault.ts';
import { complaintsOf, readError } from '../wire/errors.ts';
import { halves, type Split } from '../wire/isolate.ts';
import { type Entry, isNamedIn } from './entries.ts';

/** Refusals of a property as such: every write of it is refused, whatever the value. */
const ofProperty: ReadonlySet<string> = new Set(['PROPERTY_DOESNT_EXIST', 'READ_ONLY_VALUE']);

/** Their valid values depend on other properties of the same record (a stage on its pipeline). */
const dependent: ReadonlySet<string> = new Set(['dealstage', 'pipeline', 'hs_pipeline_stage', 'hs_pipeline']);

/** Those that the refusal names are out; else those that it may mean are set apart; else the batch is halved. */
export function splitBatch(group: readonly Entry[], refusal: Fault): Split<Entry> {
  const condemned = group.filter((entry) => isNamed(entry, refusal));
  if (condemned.length > 0) return { condemned, groups: nonEmpty([without(group, condemned)]) };
  const suspects = suspectsOf(group, refusal);
  const [first] = suspects;
  // All of one value: what one of them meets, the others will.
  if (first !== undefined && suspects.every((one) => lessonOf(one, refusal) === lessonOf(first, refusal))) {
    if (lessonOf(first, refusal) !== null)
      return { condemned: [], groups: [[first], without(group, [first])] };
  }
  const apart = suspects.length > 0 && suspects.length < group.length;
  return { condemned: [], groups: apart ? [suspects, without(group, suspects)] : halves(group) };
}

function without(group: readonly Entry[], some: readonly Entry[]): readonly Entry[] {
  return group.filter((entry) => !some.includes(entry));
}

function nonEmpty<T>(groups: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return groups.filter((one) => one.length > 0);
}

function isNamed(entry: Entry, refusal: Fault): boolean {
  const error = readError(refusal.cause);
  if (error === null) return false;
  const isOut = (code = '', field = '') => ofProperty.has(code) && field in entry.properties;
  return isNamedIn(entry, error) || complaintsOf(error).some(({ code, field }) => isOut(code, field));
}

/** Writers of the property that is complained of; of these, if possible, those of the value that is quoted first. */
function suspectsOf(group: readonly Entry[], refusal: Fault): readonly Entry[] {
  const { field } = refusal;
  if (field === undefined) return [];
  const writers = group.filter(({ properties }) => field in properties);
  const places = writers.map(({ properties }) => placeIn(refusal.message, properties[field] ?? ''));
  const earliest = Math.min(...places);
  return Number.isFinite(earliest) ? writers.filter((_, index) => places[index] === earliest) : writers;
}

/** Lists of what would be allowed come last in HubSpot's complaints, so the first quotation is the culprit's. */
function placeIn(message: string, value: string): number {
  const isLetter = (place: number) => /[\p{L}\p{N}]/u.test(message.charAt(place));
  for (
    let place = message.indexOf(value);
    place >= 0 && value !== '';
    place = message.indexOf(value, place + 1)
  ) {
    if (!isLetter(place - 1) && !isLetter(place + value.length)) return place;
  }
  return Number.POSITIVE_INFINITY;
}

/** The pair of property and value that is refused no matter who writes it; null where that depends on the record. */
function lessonOf({ properties }: Entry, { code, field }: Fault): string | null {
  if (!code?.startsWith('INVALID_') || field === undefined || dependent.has(field)) return null;
  const value = properties[field];
  return value === undefined ? null : lessonKey(field, value);
}

function lessonKey(field: string, value: string): string {
  return `${field}=${value}`;
}

/** A value that HubSpot refused once it refuses again: what one record has met, the others need not ask. */
export class Lessons {
  readonly #refused = new Map<string, Fault>();

  learn(entry: Entry, refusal: Fault): void {
    const lesson = lessonOf(entry, refusal);
    if (lesson !== null) this.#refused.set(lesson, refusal);
  }

  foresee({ properties }: Entry): Fault | undefined {
    if (this.#refused.size === 0) return undefined;
    const keys = Object.entries(properties).map(([field, value]) => lessonKey(field, value));
    return keys.map((key) => this.#refused.get(key)).find((fault) => fault !== undefined);
  }
}
