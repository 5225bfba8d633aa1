/** `hub attribute --paths` and `--journeys`: credit from aggregated paths, without times. */
import type { ChannelCredit } from '../attribution/credit.ts';
import { Channels } from '../attribution/journeys/channels.ts';
import { pathModel, pathModelNames } from '../attribution/path-models.ts';
import { type JourneyFile, readJourneys } from '../attribution/run.ts';
import { exitCodes, Problem } from '../support/problem.ts';
import type { Invocation } from './invocation.ts';

export const pathInputs: readonly string[] = ['paths', 'journeys'];

export const pathOptions: Readonly<Record<string, string>> = {
  '--paths <file>': 'CSV of paths with a header: path,total_conversions,total_conversion_value,total_null',
  '--journeys <file>': 'lines without a header: a > b > c,conversions,null',
  '--model <model>': `one of ${pathModelNames.join(', ')}`,
  '--path <column>': 'column of the path (default: path)',
  '--conversions <column>': 'column of the conversions (default: total_conversions)',
  '--value <column>': 'column of their value (default: total_conversion_value, where there is one)',
  '--null <column>': 'column of journeys without conversion (default: total_null, where there is one)',
  '--separator <text>': 'what separates the touches of a path (default: >)',
};

export async function attributePaths(invocation: Invocation): Promise<number> {
  const { options, signal } = invocation;
  const channels = new Channels();
  const model = pathModel(text(options.model) ?? '', channels);
  const progress = progressLine();
  const totals = await readJourneys(journeyFile(options), channels, model.counts, {
    signal,
    progress: progress.show,
  });
  progress.done();
  if (!totals.has.nulls)
    invocation.say(
      'The file has no column of journeys without conversion: every journey counts as converted.',
    );
  const credit = model.credit().map(rounded);
  invocation.print({ model: model.name, credit }, () => csv(credit));
  return exitCodes.done;
}

function journeyFile(options: Invocation['options']): JourneyFile {
  const paths = text(options.paths);
  const journeys = text(options.journeys);
  if (paths !== undefined && journeys !== undefined)
    throw new Problem('usage', 'Both --paths and --journeys are given.', { remedy: 'Give one of them.' });
  return {
    file: paths ?? journeys ?? '',
    header: paths !== undefined,
    columns: {
      path: text(options.path),
      conversions: text(options.conversions),
      value: text(options.value),
      nulls: text(options.null),
    },
    separator: text(options.separator) ?? '>',
  };
}

function text(option: unknown): string | undefined {
  return typeof option === 'string' ? option : undefined;
}

/** To 15 digits: what a double holds for sure, without the noise of its last bit. */
function rounded({ channel, conversions, value }: ChannelCredit): ChannelCredit {
  const tidy = (number: number) => Number(number.toPrecision(15));
  return { channel, conversions: tidy(conversions), value: tidy(value) };
}

function csv(credit: readonly ChannelCredit[]): string {
  const rows = credit.map(({ channel, conversions, value }) => `${quoted(channel)},${conversions},${value}`);
  return ['channel,conversions,value', ...rows].join('\n');
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** A line on stderr that rewrites itself, when someone is looking. */
function progressLine(): { show(read: number, size: number): void; done(): void } {
  let shown = -1;
  if (!process.stderr.isTTY) return { show: () => {}, done: () => {} };
  return {
    show: (read, size) => {
      const percent = size > 0 ? Math.floor((read / size) * 100) : -1;
      if (percent === shown) return;
      shown = percent;
      process.stderr.write(`\r${percent} %`);
    },
    done: () => {
      process.stderr.write('\r\u001b[K');
    },
  };
}
