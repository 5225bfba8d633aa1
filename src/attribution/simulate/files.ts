/** A simulated world as files: what the models may see, and what only the judge may. */
import { anyway } from './life.ts';
import type { World } from './world.ts';

export interface SimulatedFile {
  readonly name: string;
  /** With line feeds. */
  lines(): Iterable<string>;
}

/** `touches.csv` and `people.csv` as `hub attribute` reads them; `causes.csv` and `truth.json` for the judge. */
export function filesOf(world: World): SimulatedFile[] {
  return [
    { name: 'touches.csv', lines: () => touchLines(world) },
    { name: 'people.csv', lines: () => peopleLines(world) },
    { name: 'causes.csv', lines: () => causeLines(world) },
    { name: 'truth.json', lines: () => [`${JSON.stringify(truthOf(world), null, 2)}\n`] },
  ];
}

function* touchLines({ observations: { channels, starts, channel, time, end } }: World): Iterable<string> {
  yield 'user,channel,time_days\n';
  for (const person of end.keys())
    for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1)
      yield `${user(person)},${channels[channel[touch] ?? 0]},${time[touch]}\n`;
}

function* peopleLines({ observations: { covariates, converted, end } }: World): Iterable<string> {
  yield `${['user', 'converted', 'end_time_days', ...covariates.map(({ name }) => name)].join(',')}\n`;
  for (const person of end.keys()) {
    const known = covariates.map(({ values }) => values[person]);
    yield `${[user(person), converted[person], end[person], ...known].join(',')}\n`;
  }
}

/** The true cause of every conversion; a touch is named by its time. */
function* causeLines({
  observations: { channels, channel, time, converted },
  causes,
}: World): Iterable<string> {
  yield 'user,cause,touch_time_days\n';
  for (const [person, did] of converted.entries()) {
    const touch = causes[person] ?? anyway;
    if (!did) continue;
    if (touch === anyway) yield `${user(person)},baseline,\n`;
    else yield `${user(person)},${channels[channel[touch] ?? 0]},${time[touch]}\n`;
  }
}

function user(person: number): string {
  return `u${person + 1}`;
}

function truthOf({ scenario, seed, observations: { channels, end, converted }, truth }: World): object {
  return {
    scenario,
    seed,
    people: end.length,
    conversions: converted.reduce((sum, did) => sum + did, 0),
    shares: {
      ...Object.fromEntries(channels.map((name, channel) => [name, truth.channels[channel]])),
      baseline: truth.baseline,
    },
  };
}
