/** What the pages for people tell them to type exists, and every command is told of. */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { root } from './hub.ts';

const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'mappings/README.md',
  'connectors/salesforce/README.md',
  ...docs.map((name) => `docs/${name}`),
];
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');
const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };

/** Words after `npm run hub --`, and the commands of the README's table. */
function hubCalls(text: string): string[][] {
  const typed = [...text.matchAll(/npm run hub -- ([^\n`#]+)/g)].map(([, words = '']) => words);
  const table = [...text.matchAll(/^\| (`.*?)(?<!\\)\|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([a-z][^`]*)`/g)].map(([, words = '']) => words),
  );
  const calls = [...typed, ...(text.includes('| command |') ? table : [])];
  return calls
    .filter((words) => !words.startsWith('<') && !words.startsWith('npm'))
    .map((words) => words.split(/[\s[\]|\\]+/));
}

/** Anchors of a page's headings, as forges make them: lower case, spaces as hyphens, no punctuation. */
function headings(text: string): Set<string> {
  const titles = [...text.replaceAll(/```.*?```/gs, '').matchAll(/^#+ (.+)$/gm)].map(
    ([, title = '']) => title,
  );
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

const names = commands.map(({ usage }) => usage.split(' ')[0] ?? '');
const everywhere = ['--json', '--config', '--log', '--help', '--version'];

/** What of a call the command line does not know: its name, or options of it. */
async function unknownIn([name = '', ...rest]: readonly string[]): Promise<string[]> {
  const command = commands.find(({ usage }) => usage.split(' ')[0] === name);
  if (command === undefined) return [name];
  const cli = await command.load();
  const options = Object.keys(cli.options ?? {}).flatMap((flag) => flag.split(/[ ,]+/));
  const flags = rest.filter((word) => word.startsWith('--'));
  return flags.filter((flag) => ![...options, ...everywhere].includes(flag)).map((flag) => `${name} ${flag}`);
}

describe.each(pages)('%s', (page) => {
  const text = textOf(page);

  it('tells people to run scripts that there are', () => {
    const told = [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    expect(told.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names commands and options that there are', async () => {
    for (const call of hubCalls(text)) expect(await unknownIn(call)).toEqual([]);
  });

  it('points to files that there are', () => {
    const links = [...text.matchAll(/\]\((?!http|#)([^)#]+)/g)].map(([, to = '']) => to);
    expect(links.filter((to) => !existsSync(join(root, dirname(page), to)))).toEqual([]);
  });

  it('points to headings that there are', () => {
    const links = [...text.matchAll(/\]\((?!http)([^)#]*)#([^)]+)\)/g)];
    const missing = links.filter(([, to = '', heading = '']) => {
      const target = to === '' ? page : join(dirname(page), to);
      return !headings(textOf(target)).has(heading);
    });
    expect(missing.map(([link]) => link)).toEqual([]);
  });
});

it('the README tells of every command', () => {
  const told = new Set(hubCalls(textOf('README.md')).map(([name]) => name));
  expect(names.filter((name) => !told.has(name))).toEqual([]);
});

describe('messages of the hub', () => {
  const sources = globSync('src/**/*.ts', { cwd: root }).map((file) => [file, textOf(file)] as const);
  /** `hub plan ${name}`: in quotes as it is, in a template with its backticks escaped. */
  const calls = sources.flatMap(([file, text]) => {
    const quoted = [...text.matchAll(/'[^'\n]*'|"[^"\n]*"/g)].join('\n');
    const told = [...quoted.matchAll(/`hub ([^`]+)`/g), ...text.matchAll(/\\`hub ([^`\\]+)\\`/g)];
    return told.map(([, words = '']) => [file, words] as const);
  });

  it('name commands and options that there are, in one spelling', async () => {
    expect(calls.length).toBeGreaterThan(20);
    const wrong: string[] = [];
    for (const [file, words] of calls)
      for (const unknown of await unknownIn(words.split(/\s+/))) wrong.push(`${file}: ${unknown}`);
    expect(wrong).toEqual([]);
    const below = sources.filter(([file]) => !/^src\/cli\/(spelling|main)\.ts$/.test(file));
    expect(below.filter(([, text]) => text.includes('npm run hub')).map(([file]) => file)).toEqual([]);
  });
});
