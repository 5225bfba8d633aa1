/** What the refusal of a whole batch says about the records in it. */
import type { Fault } from '../../src/connector/fault.ts';
import { type Entry, isNamedIn } from './entries.ts';
import { complaintsOf, readError } from './errors.ts';
import { halves, type Split } from './isolate.ts';

/** Refusals of a property as such: whoever writes it is refused, whatever the value. */
const ofProperty: ReadonlySet<string> = new Set(['PROPERTY_DOESNT_EXIST', 'READ_ONLY_VALUE']);

/** Their valid values depend on other properties of the same record (a stage on its pipeline). */
const dependent: ReadonlySet<string> = new Set(['dealstage', 'pipeline', 'hs_pipeline_stage', 'hs_pipeline']);

/** Those that the refusal names are out; else those that it may mean are set apart; else the batch is halved. */
export function splitBatch(group: readonly Entry[], refusal: Fault): Split<Entry> {
  const condemned = group.filter((entry) => isNamed(entry, refusal));
  if (condemned.length > 0) {
    const rest = group.filter((entry) => !condemned.includes(entry));
    return { condemned, groups: rest.length > 0 ? [rest] : [] };
  }
  const suspects = suspectsOf(group, refusal);
  const apart = suspects.length > 0 && suspects.length < group.length;
  if (!apart) return { condemned: [], groups: halves(group) };
  return { condemned: [], groups: [suspects, group.filter((entry) => !suspects.includes(entry))] };
}

function isNamed(entry: Entry, refusal: Fault): boolean {
  const error = readError(refusal.cause);
  if (error === null) return false;
  const isOut = (code = '', field = '') => ofProperty.has(code) && field in entry.properties;
  return isNamedIn(entry, error) || complaintsOf(error).some(({ code, field }) => isOut(code, field));
}

/** Writers of the property, if possible of the very value that the complaint quotes. */
function suspectsOf(group: readonly Entry[], refusal: Fault): readonly Entry[] {
  const error = readError(refusal.cause);
  const complaints = error === null ? [] : complaintsOf(error);
  const writers = group.filter(({ properties }) => complaints.some(({ field = '' }) => field in properties));
  const quoted = writers.filter(({ properties }) =>
    complaints.some(({ field = '', message }) => {
      const value = properties[field] ?? '';
      return value !== '' && message.includes(value);
    }),
  );
  return quoted.length > 0 ? quoted : writers;
}

/** A value that HubSpot refused once it refuses again: what one record has taught, the others need not ask. */
export class Lessons {
  readonly #refused = new Map<string, Fault>();

  learn({ properties }: Entry, refusal: Fault): void {
    const { code, field } = refusal;
    if (code === undefined || field === undefined || dependent.has(field)) return;
    const value = properties[field];
    if (value === undefined) return;
    if (code.startsWith('INVALID_')) this.#refused.set(lessonKey(field, value), refusal);
  }

  foresee({ properties }: Entry): Fault | undefined {
    if (this.#refused.size === 0) return undefined;
    const keys = Object.entries(properties).map(([field, value]) => lessonKey(field, value));
    return keys.map((key) => this.#refused.get(key)).find((fault) => fault !== undefined);
  }
}

function lessonKey(field: string, value: string): string {
  return `${field}=${value}`;
}
