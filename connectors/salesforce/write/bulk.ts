/**
 * Writes by Bulk API 2.0: one job for any number of records, then its result files. A job that is done is not a
 * success: each row has its own result, in any order, and is found again by the column that names the record.
 */
import type { Write } from '../../../src/connector/contract/writing.ts';
import type { Fault } from '../../../src/connector/fault.ts';
import { isUnwritable, readCsv, writeCsvRow } from '../wire/csv.ts';
import { bulkRecordFault } from '../wire/faults.ts';
import { longId } from '../wire/ids.ts';
import { type Job, runJob } from './bulk-job.ts';
import type { Desk } from './collections.ts';
import { type Group, keyOf, type Method, toCsvFields } from './writes.ts';

/** 150 MB after base64, so 100 MB before; less, because characters are counted here and bytes there. */
const mostCharacters = 50_000_000;

/** Returns the writes that stay undecided: what CSV cannot tell, and what the job did not get to. */
export async function sendByBulk(desk: Desk, { method, writes }: Group): Promise<Write[]> {
  const undecided = new Set(writes);
  for (const file of filesOf(method, writes)) {
    const job = await runJob(desk, method, file.csv);
    if (job === null) break;
    const results = await resultsOf(method, job);
    for (const write of file.writes) {
      const result = results.get(keyOf(method, write));
      // What neither result file names was not processed.
      if (result === undefined) continue;
      undecided.delete(write);
      desk.decide({ ...result, key: write.key });
    }
  }
  return [...undecided];
}

interface CsvFile {
  readonly csv: string;
  readonly writes: readonly Write[];
}

/** As few files as the upload limit allows. */
function* filesOf(method: Method, writes: readonly Write[]): Generator<CsvFile> {
  const rows = writes.flatMap((write) => {
    const fields = toCsvFields(write.fields);
    return fields === null || Object.values(fields).some(isUnwritable) ? [] : [{ write, fields }];
  });
  const columns = [...new Set(rows.flatMap(({ fields }) => Object.keys(fields)))];
  const header = writeCsvRow([keyColumn(method), ...columns]);
  let lines: string[] = [];
  let told: Write[] = [];
  let size = header.length;
  for (const { write, fields } of rows) {
    const line = writeCsvRow([keyOf(method, write), ...columns.map((column) => fields[column])]);
    if (size + line.length > mostCharacters && told.length > 0) {
      yield { csv: header + lines.join(''), writes: told };
      [lines, told, size] = [[], [], header.length];
    }
    lines.push(line);
    told.push(write);
    size += line.length;
  }
  if (told.length > 0) yield { csv: header + lines.join(''), writes: told };
}

function keyColumn(method: Method): string {
  return method.op === 'upsert' ? method.field : 'Id';
}

type Result =
  | { readonly status: 'written'; readonly id: string; readonly created: boolean }
  | { readonly status: 'failed'; readonly fault: Fault };

/** By the value that names the record. */
async function resultsOf(method: Method, job: Job): Promise<Map<string, Result>> {
  const results = new Map<string, Result>();
  const keyIn = (row: Readonly<Record<string, string>>) => {
    const key = row[keyColumn(method)] ?? '';
    return method.op === 'upsert' ? key : longId(key);
  };
  for (const row of readCsv(await job.file('successfulResults'))) {
    const { sf__Id: id = '', sf__Created: created } = row;
    results.set(keyIn(row), { status: 'written', id: longId(id), created: created === 'true' });
  }
  if (job.failures === 0) return results;
  for (const row of readCsv(await job.file('failedResults'))) {
    results.set(keyIn(row), { status: 'failed', fault: bulkRecordFault(row.sf__Error ?? '', job.object) });
  }
  return results;
}
