/** Deletions go by record id; those that name an external id are looked up first. */
import type { Write } from '../../../src/connector/contract/writing.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { soleField } from '../../../src/connector/naming.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import { query } from '../wire/query.ts';
import { idOf } from '../wire/record.ts';
import { isOneOf, select } from '../wire/soql.ts';
import type { Desk } from './collections.ts';

/** External ids may be 255 characters long; the query's URL must stay below 16 KB. */
const mostCharacters = 6_000;

/** The writes with every deletion's record id; deletions of what is not there are decided on the spot. */
export async function resolveDeletions(desk: Desk, writes: readonly Write[]): Promise<Write[]> {
  const unnamed = writes.filter((write) => write.op === 'delete' && write.id === undefined);
  const ids = new Map<Write, string[]>();
  for (const [field, group] of Map.groupBy(
    unnamed,
    (write) => soleField(write.alternateKey)?.field ?? 'Id',
  )) {
    for (const [write, found] of await lookUp(desk, field, group)) ids.set(write, found);
  }
  return writes.flatMap((write) => {
    const found = ids.get(write);
    return found === undefined ? [write] : named(desk, write, found);
  });
}

function named(desk: Desk, write: Write, [id, ...others]: readonly string[]): Write[] {
  if (id === undefined) {
    desk.decide({ key: write.key, status: 'written', id: '', created: false });
    return [];
  }
  if (others.length === 0) return [{ ...write, id }];
  const { field, value } = soleField(write.alternateKey) ?? {};
  const message = `${desk.object}: ${others.length + 1} records carry ${field} ${value}; none was deleted`;
  desk.decide({
    key: write.key,
    status: 'failed',
    fault: new Fault('rejected', message, { code: 'MULTIPLE_CHOICES' }),
  });
  return [];
}

async function lookUp(desk: Desk, field: string, writes: readonly Write[]): Promise<Map<Write, string[]>> {
  const rows: JsonObject[] = [];
  for (const values of portions(writes.map(externalIdOf))) {
    const where = isOneOf(field, values);
    rows.push(...(await query(desk.connection, select({ fields: ['Id', field], from: desk.object, where }))));
  }
  const byValue = Map.groupBy(rows, (row) => String(row[field]).toLowerCase());
  return new Map(
    writes.map((write) => [write, (byValue.get(externalIdOf(write).toLowerCase()) ?? []).map(idOf)]),
  );
}

function externalIdOf({ alternateKey }: Write): string {
  return soleField(alternateKey)?.value ?? '';
}

function* portions(values: readonly string[]): Generator<string[]> {
  let portion: string[] = [];
  let size = 0;
  for (const value of values) {
    const length = encodeURIComponent(value).length;
    if (size + length > mostCharacters && portion.length > 0) {
      yield portion;
      [portion, size] = [[], 0];
    }
    portion.push(value);
    size += length + 12;
  }
  if (portion.length > 0) yield portion;
}
