/** What the command line says about paths. */
import { type PathSettings, pathModelNames, usualPathSettings } from '../../attribution/path-models.ts';
import type { JourneyFile } from '../../attribution/run.ts';
import { Problem } from '../../support/problem.ts';

type Options = Readonly<Record<string, unknown>>;

export function journeyFile(options: Options): JourneyFile {
  const paths = text(options.paths);
  const journeys = text(options.journeys);
  if (paths !== undefined && journeys !== undefined)
    throw new Problem('usage', 'Both --paths and --journeys are given.', { remedy: 'Give one of them.' });
  const columns = {
    path: text(options.path),
    conversions: text(options.conversions),
    value: text(options.value),
    nulls: text(options.null),
    ages: text(options.ages),
  };
  const named = Object.values(columns).find((column) => column !== undefined);
  if (journeys !== undefined && named !== undefined)
    throw new Problem('usage', `--journeys has no header, so there is no column "${named}".`, {
      remedy: 'Give the file with --paths, or leave the columns out.',
    });
  return {
    file: paths ?? journeys ?? '',
    header: paths !== undefined,
    columns,
    separator: text(options.separator) ?? '>',
  };
}

/**
 * A comparison of all shows no order that is one of the four, neither what takes long nor all distinct paths, and no
 * rule of milestones, of which paths do not tell.
 */
const left = new Set([
  ...['markov:auto', 'shapley:markov', 'shapley-ordered', 'presence'],
  ...['u-shaped', 'u-shaped-40-20-40', 'w-shaped', 'full-path'],
]);

export function modelNames({ model }: Options): string[] {
  const given = text(model);
  if (given === undefined)
    throw new Problem('usage', 'No model is given.', {
      remedy: `Give --model with one of: ${pathModelNames.join(', ')}.`,
    });
  if (given === 'all') return pathModelNames.filter((name) => !left.has(name));
  return [...new Set(given.split(',').map((name) => name.trim()))];
}

export function pathSettings(options: Options): PathSettings {
  const direct = text(options.direct);
  return {
    halfLifeDays: days(options.halfLife, '--half-life', usualPathSettings.halfLifeDays),
    stepDays: days(options.stepDays, '--step-days', usualPathSettings.stepDays),
    directChannels:
      direct?.split(',').map((name) => name.trim().normalize('NFC')) ?? usualPathSettings.directChannels,
    hasAges: text(options.ages) !== undefined,
    ...endsIn(options.ends),
  };
}

function endsIn(given: unknown): Pick<PathSettings, 'ends'> {
  if (given === undefined) return {};
  if (given === 'conversion' || given === 'watch') return { ends: given };
  throw new Problem('usage', `"${String(given)}" is not what can end a journey.`, {
    remedy:
      'Give --ends conversion, or --ends watch where everybody was watched to the end; or leave it out.',
  });
}

function days(given: unknown, option: string, usual: number): number {
  if (given === undefined) return usual;
  const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : Number.NaN;
  if (number > 0 && Number.isFinite(number)) return number;
  throw new Problem('usage', `"${String(given)}" is not a number of days for ${option}.`, {
    remedy: 'Give a number above 0.',
  });
}

function text(option: unknown): string | undefined {
  return typeof option === 'string' ? option : undefined;
}
