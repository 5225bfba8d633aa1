/** Touches as a file has them: `user,channel,time_days`, in any order. */
import { widenFloat64, widenInt32 } from '../../journeys/growable.ts';
import type { Reading } from '../../run.ts';
import type { Observations } from '../observations.ts';
import { Ids } from './ids.ts';
import type { People } from './people.ts';
import type { Row } from './row.ts';
import { readRows } from './rows.ts';
import { inTimeOrder } from './sorted.ts';

const columns = ['user', 'channel', 'time_days'];
const user = 0;
const channel = 1;
const time = 2;
/** What would have happened anyway stands under this name beside the channels. */
const baseline = 'baseline';

/** Reads the touches of these people. Those of one person at the same time keep the order of the file. */
export async function readTouches(file: string, people: People, reading: Reading): Promise<Observations> {
  const table = new TouchTable(people);
  await readRows(file, columns, (row) => table.add(row), reading);
  const { converted, end, covariates } = people;
  return { channels: table.channels.names(), covariates, converted, end, ...table.byPerson() };
}

class TouchTable {
  readonly channels = new Ids();
  readonly #people: People;
  #size = 0;
  #person = new Int32Array(16);
  #channel = new Int32Array(16);
  #time = new Float64Array(16);

  constructor(people: People) {
    this.#people = people;
  }

  add(row: Row): void {
    const person = this.#personOf(row);
    const at = this.#size;
    this.#size += 1;
    this.#person = widenInt32(this.#person, this.#size);
    this.#channel = widenInt32(this.#channel, this.#size);
    this.#time = widenFloat64(this.#time, this.#size);
    this.#person[at] = person;
    this.#channel[at] = this.#channelOf(row);
    this.#time[at] = this.#timeOf(row, person);
  }

  byPerson(): Pick<Observations, 'starts' | 'channel' | 'time'> {
    return inTimeOrder(
      this.#people.users.size,
      this.#person.subarray(0, this.#size),
      this.#channel,
      this.#time,
    );
  }

  #personOf(row: Row): number {
    const { bytes, start, end } = row.name(user);
    const person = this.#people.users.find(bytes, start, end);
    if (person < 0)
      throw row.refuse(
        `The user "${row.text(user)}" is not among the people.`,
        'Add them to the people file, also if they never converted.',
      );
    return person;
  }

  #channelOf(row: Row): number {
    if (row.start(channel) === row.end(channel))
      throw row.refuse('The channel is empty.', 'Give every touch a channel.');
    if (row.end(channel) - row.start(channel) === baseline.length && row.text(channel) === baseline)
      throw row.refuse(
        'No channel can be called "baseline".',
        'That is what comes anyway: rename the channel.',
      );
    const { bytes, start, end } = row.name(channel);
    const known = this.channels.find(bytes, start, end);
    return known >= 0 ? known : this.channels.add(bytes, start, end);
  }

  #timeOf(row: Row, person: number): number {
    const days = row.number(time);
    const end = this.#people.end[person] ?? 0;
    if (days < 0)
      throw row.refuse(
        `The time ${row.text(time)} is negative.`,
        'Count days as in the people file, from 0.',
      );
    if (days > end)
      throw row.refuse(
        `The touch at ${days} lies after the end at ${end} of the user "${row.text(user)}".`,
        'Leave out what came after the conversion or after the end of watching.',
      );
    return days;
  }
}
