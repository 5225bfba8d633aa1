/** Touches by person and time, from touches in any order. */
import type { Observations } from '../observations.ts';

/** A counting sort by person, then each person's touches by time; equal times stay in the order given. */
export function inTimeOrder(
  people: number,
  person: Int32Array,
  channel: Int32Array,
  time: Float64Array,
): Pick<Observations, 'starts' | 'channel' | 'time'> {
  const starts = new Int32Array(people + 1);
  for (const one of person) starts[one + 1] = (starts[one + 1] ?? 0) + 1;
  for (let one = 0; one < people; one += 1) starts[one + 1] = (starts[one + 1] ?? 0) + (starts[one] ?? 0);
  const order = new Int32Array(person.length);
  const free = starts.slice(0, people);
  person.forEach((one, touch) => {
    const place = free[one] ?? 0;
    order[place] = touch;
    free[one] = place + 1;
  });
  const when = (touch: number) => time[touch] ?? 0;
  for (let one = 0; one < people; one += 1) {
    const own = order.subarray(starts[one], starts[one + 1]);
    if (!ordered(own, when)) own.sort((a, b) => when(a) - when(b) || a - b);
  }
  return {
    starts,
    channel: order.map((touch) => channel[touch] ?? 0),
    time: Float64Array.from(order, when),
  };
}

function ordered(touches: Int32Array, when: (touch: number) => number): boolean {
  for (let index = 1; index < touches.length; index += 1)
    if (when(touches[index - 1] ?? 0) > when(touches[index] ?? 0)) return false;
  return true;
}
