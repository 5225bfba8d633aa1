/** Observations written down as people. */
import fc from 'fast-check';
import type { Observations } from '../../../src/attribution/hazard/observations.ts';

export interface Person {
  readonly end: number;
  readonly converted: boolean;
  /** Channel and day. */
  readonly touches: readonly (readonly [string, number])[];
  readonly covariates?: Readonly<Record<string, number>>;
}

export function observed(people: readonly Person[], covariates: readonly string[] = []): Observations {
  const channels = [...new Set(people.flatMap(({ touches }) => touches.map(([channel]) => channel)))].sort();
  const starts = new Int32Array(people.length + 1);
  people.forEach(({ touches }, index) => {
    starts[index + 1] = (starts[index] ?? 0) + touches.length;
  });
  const touches = people.flatMap((person) => [...person.touches].sort(([, one], [, other]) => one - other));
  return {
    channels,
    covariates: covariates.map((name) => ({
      name,
      values: Float64Array.from(people, (person) => person.covariates?.[name] ?? 0),
    })),
    end: Float64Array.from(people, ({ end }) => end),
    converted: Uint8Array.from(people, ({ converted }) => Number(converted)),
    starts,
    channel: Int32Array.from(touches, ([channel]) => channels.indexOf(channel)),
    time: Float64Array.from(touches, ([, time]) => time),
  };
}

/** Any people at all, one conversion at least. */
export const anyPeople: fc.Arbitrary<Person[]> = fc
  .array(
    fc.record({
      end: fc.double({ min: 0.01, max: 30, noNaN: true }),
      converted: fc.boolean(),
      parts: fc.array(
        fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.double({ min: 0, max: 0.99, noNaN: true })),
        {
          maxLength: 5,
        },
      ),
      score: fc.integer({ min: -3, max: 3 }),
    }),
    { minLength: 3, maxLength: 30 },
  )
  .map((people) =>
    people.map(({ end, converted, parts, score }, index) => ({
      end,
      converted: converted || index === 0,
      touches: parts.map(([channel, part]) => [channel, part * end] as const),
      covariates: { score },
    })),
  );
