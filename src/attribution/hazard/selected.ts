/** Some of the people, with their touches. */
import type { Observations } from './observations.ts';

/** Copies the rows of the wanted people; channels and their indexes stay. */
export function selected(observations: Observations, wanted: (person: number) => boolean): Observations {
  const { channels, covariates, end, converted, starts, channel, time } = observations;
  const people = Int32Array.from(end.keys().filter(wanted));
  const firsts = new Int32Array(people.length + 1);
  people.forEach((person, index) => {
    firsts[index + 1] = (firsts[index] ?? 0) + (starts[person + 1] ?? 0) - (starts[person] ?? 0);
  });
  const touches = firsts.at(-1) ?? 0;
  const own = { channel: new Int32Array(touches), time: new Float64Array(touches) };
  people.forEach((person, index) => {
    const into = firsts[index] ?? 0;
    own.channel.set(channel.subarray(starts[person], starts[person + 1]), into);
    own.time.set(time.subarray(starts[person], starts[person + 1]), into);
  });
  const cells = (values: Float64Array) => Float64Array.from(people, (person) => values[person] ?? 0);
  return {
    channels,
    covariates: covariates.map(({ name, values }) => ({ name, values: cells(values) })),
    end: cells(end),
    converted: Uint8Array.from(people, (person) => converted[person] ?? 0),
    starts: firsts,
    ...own,
  };
}

/** At most so many people, evenly taken. */
export function thinned(observations: Observations, most: number): Observations {
  const step = Math.ceil(observations.end.length / most);
  return step <= 1 ? observations : selected(observations, (person) => person % step === 0);
}
