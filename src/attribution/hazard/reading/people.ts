/** People as a file has them: `user,converted,end_time_days` and the covariates that were asked for. */
import { widenFloat64, widenUint8 } from '../../journeys/growable.ts';
import type { Reading } from '../../run.ts';
import type { Covariate } from '../observations.ts';
import { Ids } from './ids.ts';
import type { Row } from './row.ts';
import { readRows } from './rows.ts';

export interface People {
  readonly users: Ids;
  readonly converted: Uint8Array;
  readonly end: Float64Array;
  readonly covariates: readonly Covariate[];
}

const user = 0;
const converted = 1;
const end = 2;
const firstCovariate = 3;
/** Columns that every people file has. */
export const peopleColumns: readonly string[] = ['user', 'converted', 'end_time_days'];

/** What `converted` may say. */
const answers: Readonly<Record<string, number>> = { 0: 0, 1: 1, false: 0, true: 1 };

/**
 * Reads everybody of a file. Throws a `Problem` with `file:line` for what is not right.
 *
 * @param covariates columns of numbers to keep besides: others than `peopleColumns`, each once
 */
export async function readPeople(
  file: string,
  covariates: readonly string[],
  reading: Reading,
): Promise<People> {
  const table = new PeopleTable(covariates);
  await readRows(file, [...peopleColumns, ...covariates], (row) => table.add(row), reading);
  return table.people();
}

class PeopleTable {
  readonly #users = new Ids();
  readonly #names: readonly string[];
  #converted = new Uint8Array(16);
  #end = new Float64Array(16);
  #values: Float64Array<ArrayBuffer>[];

  constructor(covariates: readonly string[]) {
    this.#names = covariates;
    this.#values = covariates.map(() => new Float64Array(16));
  }

  add(row: Row): void {
    const id = this.#newUser(row);
    this.#converted = widenUint8(this.#converted, id + 1);
    this.#converted[id] = answer(row);
    this.#end = widenFloat64(this.#end, id + 1);
    this.#end[id] = endTime(row);
    this.#values = this.#values.map((values, index) => {
      const wider = widenFloat64(values, id + 1);
      wider[id] = row.number(firstCovariate + index);
      return wider;
    });
  }

  people(): People {
    const { size } = this.#users;
    return {
      users: this.#users,
      converted: this.#converted.slice(0, size),
      end: this.#end.slice(0, size),
      covariates: this.#names.map((name, index) => ({
        name,
        values: this.#values[index]?.slice(0, size) ?? new Float64Array(size),
      })),
    };
  }

  #newUser(row: Row): number {
    const { bytes, start: from, end: to } = row.name(user);
    if (from === to) throw row.refuse('The user is empty.', 'Give every person a name or number.');
    if (this.#users.find(bytes, from, to) >= 0)
      throw row.refuse(`The user "${row.text(user)}" is here twice.`, 'Give every person one row.');
    return this.#users.add(bytes, from, to);
  }
}

function answer(row: Row): number {
  const given = answers[row.text(converted).toLowerCase()];
  if (given === undefined)
    throw row.refuse(
      `"${row.text(converted)}" in converted is neither 1 nor 0.`,
      'Write 1 for a conversion, else 0.',
    );
  return given;
}

function endTime(row: Row): number {
  const days = row.number(end);
  if (days < 0)
    throw row.refuse(
      `The end time ${row.text(end)} is negative.`,
      'Count days from when you began to watch this person.',
    );
  return days;
}
