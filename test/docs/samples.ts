/**
 * What the README and docs/fits.md show of the demo, made by the commands themselves. In a page a sample stands between
 * `<!-- sample: name -->` and `<!-- /sample -->`; `npm run samples` writes them anew, and a test holds them against what
 * the commands print.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
export const pages = ['README.md', 'docs/fits.md'];

export interface Told {
  /** All that the demo printed. */
  readonly demo: string;
  /** By name. */
  readonly samples: ReadonlyMap<string, string>;
}

/** The demo, and then what an admin may ask of its hub. */
export async function tellSamples(): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), 'hub-samples-'));
  try {
    return await tellIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Of a deal that has a long story in few touches. */
const dealId = '0065g0YsMxeEuAYAK0';

async function tellIn(folder: string): Promise<Told> {
  const own = readFileSync(join(root, 'config/demo.yaml'), 'utf8').replace('data: temporary', 'data: ./data');
  const settings = `mappings: ${join(root, 'mappings')}\n${own}`;
  mkdirSync(join(folder, 'config'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, 'config', name), text);
    return join(folder, 'config', name);
  };
  const usual = file('hub.yaml', settings);
  const hub = (...words: string[]) => printed([...words, '-c', usual]);

  const demo = await hub('demo');
  const version = versionIn(await hub('models', '--json'), 'fits');
  // A fit of the same data by other draws: news to nobody, and therefore a candidate.
  const otherSeed = file('other.yaml', settings.replace('attribution:', 'attribution:\n  seed: 2'));
  const candidate = versionIn(await printed(['models', 'fit', '--json', '-c', otherSeed]), 'models');
  // The demo writes to whomever it likes; a hub of somebody's asks.
  const careful = file('careful.yaml', settings.replace(/^safety:[\s\S]*/m, ''));

  const shown = async (words: string, pick: (lines: string[]) => string[], config = usual) => {
    const lines = linesOf(await printed([...words.split(' '), '-c', config]));
    return [`$ npm run hub -- ${words}`, ...pick(lines)].join('\n');
  };
  const samples = {
    demo: between(linesOf(demo), /^The ten deals/, /^Parked/).join('\n'),
    fit: await shown(`models show ${version}`, (lines) => lines.slice(0, -2)),
    'dry-run': await shown(`models promote ${candidate} --dry-run`, (lines) => lines, careful),
    comparison: await shown(`models compare ${version} ${candidate}`, (lines) => upTo(lines, 19)),
    'side-by-side': await shown('models compare', (lines) => cut(between(lines, /^USD/, /^$/), 104)),
    deal: await shown(`deal ${dealId} --explain`, (lines) => [
      ...upTo(lines, 6),
      ...between(lines, /^Data-driven/, /^$/),
    ]),
    'as-of': await shown(`deal ${dealId} --as-of 2026-06-30`, (lines) => upTo(lines, 7)),
  };
  return {
    demo,
    samples: new Map(Object.entries(samples).map(([name, text]) => [name, withoutTimes(text)])),
  };
}

/** Of the only one that the list has. */
function versionIn(json: string, list: string): string {
  const [fit] = (JSON.parse(json) as Record<string, { readonly version: string }[]>)[list] ?? [];
  if (!fit) throw new Error(`there is no fit among ${list}: ${json}`);
  return fit.version;
}

/** Variables of the machine that would change what a command does. */
const foreign = ['DATABASE_URL', 'HUB_KEY', 'NODE_OPTIONS'];

function printed(words: readonly string[]): Promise<string> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.includes(name)));
  const args = [join(root, 'src/cli/main.ts'), ...words];
  return new Promise((settle, fail) => {
    execFile(process.execPath, args, { cwd: root, env, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      if (error) fail(new Error(`hub ${words.join(' ')} failed: ${stderr}`, { cause: error }));
      else settle(stdout);
    });
  });
}

function linesOf(text: string): string[] {
  return text.trimEnd().split('\n');
}

/** From the line that begins so up to another one, which is left out. */
function between(lines: readonly string[], from: RegExp, until: RegExp): string[] {
  const start = lines.findIndex((line) => from.test(line));
  if (start < 0) throw new Error(`no line begins with ${from}`);
  const length = lines.slice(start + 1).findIndex((line) => until.test(line));
  return trimmed(lines.slice(start, length < 0 ? undefined : start + 1 + length));
}

function upTo(lines: readonly string[], count: number): string[] {
  return [...trimmed(lines.slice(0, count)), '…'];
}

function trimmed(lines: readonly string[]): string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1);
}

/** Columns of a table that find room; its last line shows where they end. */
function cut(lines: readonly string[], width: number): string[] {
  const end = lines.at(-1)?.lastIndexOf('  ', width) ?? width;
  return lines.map((line) => `${line.slice(0, end)}  …`);
}

/** The demo's clock begins at noon; how long it takes depends on the machine. */
function withoutTimes(text: string): string {
  return text.replaceAll(/T12:\d\d:\d\d\.\d{3}Z/g, 'T12:00:00.000Z');
}

/** Text of a page with its samples as they are now. Throws for a name that there is not. */
export function withSamples(page: string, samples: Told['samples']): string {
  return page.replaceAll(
    /(<!-- sample: (\S+) -->\n)[\s\S]*?(\n<!-- \/sample -->)/g,
    (_, begin: string, name: string, end: string) => {
      const text = samples.get(name);
      if (text === undefined) throw new Error(`There is no sample "${name}".`);
      return `${begin}\`\`\`text\n${text}\n\`\`\`${end}`;
    },
  );
}

export function samplesIn(page: string): string[] {
  return [...page.matchAll(/<!-- sample: (\S+) -->/g)].map(([, name = '']) => name);
}
