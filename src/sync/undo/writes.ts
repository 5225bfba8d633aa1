/** What a run did to each record, all its writes to the same one taken together. */
import type { WriteRecord } from '../../store/contract/outbox.ts';
import type { Json } from '../../support/json.ts';

export interface WrittenRecord {
  readonly run: string;
  /** When the run wrote it first and last, ms. */
  readonly first: number;
  readonly last: number;
  readonly connection: string;
  readonly object: string;
  readonly entityId: string;
  /** Null: it is not known whether a record came of it. */
  readonly recordId: string | null;
  /** `upsert`: the hub made it. */
  readonly op: WriteRecord['op'];
  readonly fields: readonly WrittenField[];
  /** The vendor has yet to say what became of one of the writes. */
  readonly pending: boolean;
}

export interface WrittenField {
  readonly field: string;
  /** What the first write replaced, and what the last one sent. */
  readonly before: Json;
  readonly sent: Json;
}

/** Refused writes changed nothing; of those without an answer only looking tells. */
export function mergedWrites(writes: readonly WriteRecord[]): WrittenRecord[] {
  const done = writes.filter(({ status }) => status !== 'failed').sort((a, b) => a.at - b.at);
  const byRecord = Map.groupBy(done, (write) =>
    [write.connection, write.object, write.recordId ?? write.entityId].join('|'),
  );
  return [...byRecord.values()].flatMap((group) => mergeOne(group) ?? []);
}

function mergeOne(group: readonly WriteRecord[]): WrittenRecord | undefined {
  const [first, last] = [group[0], group.at(-1)];
  if (!first || !last) return undefined;
  const fields = new Map<string, WrittenField>();
  for (const { fields: sent, replaced } of group) {
    for (const [field, value] of Object.entries(sent)) {
      const earlier = fields.get(field);
      fields.set(field, { field, before: earlier ? earlier.before : (replaced[field] ?? null), sent: value });
    }
  }
  const { connection, object, entityId, recordId } = last;
  const op = last.op === 'delete' ? 'delete' : first.op;
  const when = { run: first.run, first: first.at, last: last.at };
  const pending = group.some(({ status }) => status === 'pending');
  return { ...when, connection, object, entityId, recordId, op, pending, fields: [...fields.values()] };
}

/** What is not taken back, and why. */
export interface LeftAlone {
  readonly connection: string;
  readonly object: string;
  readonly record: string | null;
  readonly field: string | null;
  readonly why: string;
}

export function alone(
  { connection, object, recordId }: WrittenRecord,
  why: string,
  field?: string,
): LeftAlone {
  return { connection, object, record: recordId, field: field ?? null, why };
}
