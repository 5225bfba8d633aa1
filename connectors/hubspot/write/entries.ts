/** Writes as entries of a batch, and which entry an answer's row or error is about. */
import type { Write } from '../../../src/connector/contract/writing.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { soleField } from '../../../src/connector/naming.ts';
import type { Json, JsonObject } from '../../../src/support/json.ts';
import { propertiesOf } from '../read/record.ts';
import { contextOf, readError, type VendorError } from '../wire/errors.ts';
import { toFault } from '../wire/fault.ts';
import type { BatchAnswer } from '../wire/shapes.ts';
import { type Properties, toProperties } from '../wire/values.ts';

/** Inputs that one call takes. */
export const batchSize = 100;

/** One write on its way. `id` is what it is addressed by: a record id, or the value of `idProperty`. */
export interface Entry {
  readonly write: Write;
  readonly trace: string;
  readonly id: string;
  readonly idProperty?: string;
  readonly properties: Properties;
}

/** E-mail addresses are the same whatever their case. */
export function addressOf({ id, idProperty }: Pick<Entry, 'id' | 'idProperty'>): string {
  return idProperty === 'email' ? id.trim().toLowerCase() : id;
}

/** What a write says, in HubSpot's terms; a fault where it says too little. */
export function entryOf(write: Write, index: number): Entry | Fault {
  const { op, id, alternateKey } = write;
  const named = soleField(alternateKey);
  const trace = String(index);
  try {
    const properties = toProperties(write.fields);
    if (op !== 'upsert' && id !== undefined) return { write, trace, id, properties };
    if (op === 'update' || named === null) {
      return new Fault('rejected', `HubSpot: this ${op} does not name its record by an id or one property`, {
        code: 'NO_ADDRESS',
      });
    }
    const { field: idProperty, value } = named;
    return { write, trace, id: value, idProperty, properties: { ...properties, [idProperty]: value } };
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/**
 * Entries that one call can take: of one kind, at most a hundred, no record twice (HubSpot refuses a batch with
 * duplicates). A second write of a record goes into a later batch, so it is also the later write.
 */
export function batchesOf(entries: readonly Entry[]): Entry[][] {
  const batches: { kind: string; addresses: Set<string>; entries: Entry[] }[] = [];
  for (const entry of entries) {
    const kind = `${entry.write.op} ${entry.idProperty ?? ''}`;
    const address = addressOf(entry);
    const last = batches.findLastIndex((batch) => batch.kind === kind && batch.addresses.has(address));
    const free = batches.find(
      (batch, place) => place > last && batch.kind === kind && batch.entries.length < batchSize,
    );
    if (free === undefined) batches.push({ kind, addresses: new Set([address]), entries: [entry] });
    else {
      free.addresses.add(address);
      free.entries.push(entry);
    }
  }
  return batches.map((batch) => batch.entries);
}

/**
 * Entries with the row or fault that is theirs. Rows come in any order, so each is found by its trace id, by
 * its id, or by its unique property; a single one left on both sides belongs together.
 */
export function realign(entries: readonly Entry[], answer: BatchAnswer): Map<Entry, JsonObject | Fault> {
  const found = new Map<Entry, JsonObject | Fault>();
  const open = () => entries.filter((entry) => !found.has(entry));
  const strayRows = answer.results.filter((row) => {
    const entry = open().find((one) => isRowOf(one, row));
    if (entry !== undefined) found.set(entry, row);
    return entry === undefined;
  });
  const strayFaults: Fault[] = [];
  for (const error of answer.errors.map(readError)) {
    if (error === null) continue;
    const named = open().filter((entry) => isNamedIn(entry, error));
    for (const entry of named) found.set(entry, toFault({ error }));
    if (named.length === 0) strayFaults.push(toFault({ error }));
  }
  const [entry, ...others] = open();
  const [stray, ...more] = [...strayRows, ...strayFaults];
  if (entry && stray && others.length === 0 && more.length === 0) found.set(entry, stray);
  return found;
}

function isRowOf(entry: Entry, row: JsonObject): boolean {
  const trace = traceOf(row);
  if (trace !== undefined) return trace === entry.trace;
  if (entry.idProperty === undefined) return String(row.id) === entry.id;
  const value = propertiesOf(row)[entry.idProperty];
  return typeof value === 'string' && addressOf({ ...entry, id: value }) === addressOf(entry);
}

function traceOf(row: JsonObject): string | undefined {
  const { objectWriteTraceId: trace } = row;
  return typeof trace === 'string' || typeof trace === 'number' ? String(trace) : undefined;
}

/** By trace id where the error has one, else by id. */
export function isNamedIn(entry: Entry, error: VendorError): boolean {
  const traces = contextOf(error, 'objectWriteTraceId');
  if (traces.length > 0) return traces.includes(entry.trace);
  const ids = [...contextOf(error, 'ids'), ...contextOf(error, 'id')];
  return ids.some((id) => addressOf({ ...entry, id }) === addressOf(entry));
}

/** What HubSpot made of the values that were written, as far as its answer shows them. */
export function answerOf({ properties }: Entry, row: JsonObject): Record<string, Json> {
  const held = propertiesOf(row);
  const names = Object.keys(properties).filter((name) => name in held);
  return Object.fromEntries(names.map((name) => [name, held[name] ?? null]));
}
