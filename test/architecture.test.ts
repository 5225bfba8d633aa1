/** Who may import whom (the house plan), read off the sources themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}/${file}`)
    .sort();
}

const statement = /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gms;
const dynamic = /\bimport\(\s*'([^']+)'\s*\)/g;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = [...text.matchAll(statement)].map(([, type, to]) => ({
    to: to ?? '',
    typeOnly: type !== undefined,
  }));
  const lazy = [...text.matchAll(dynamic)].map(([, to]) => ({ to: to ?? '', typeOnly: false }));
  return [...found, ...lazy]
    .filter(({ to }) => to.startsWith('.'))
    .map(({ to, typeOnly }) => ({
      from: file,
      to: relative(root, resolve(root, dirname(file), to)),
      typeOnly,
    }));
}

/** `src/sync/push.ts` is of `sync`; `src/app.ts` of `app`; `connectors/hubspot/…` of `connectors`. */
function room(file: string): string {
  const parts = file.split('/');
  if (parts[0] === 'connectors') return 'connectors';
  return parts.length > 2 ? (parts[1] ?? '') : (parts[1] ?? '').replace('.ts', '');
}

/** Each room with the rooms that it may import. Pure rooms stand on pure rooms only. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  support: [],
  canonical: ['support'],
  connector: ['support'],
  // The compiled mapping carries the fields to provision, a type of the connector contract.
  mapping: ['support', 'canonical', 'connector'],
  identity: ['support', 'canonical'],
  attribution: ['support', 'canonical'],
  journey: ['support', 'canonical', 'attribution'],
  credit: ['support', 'canonical', 'attribution', 'journey'],
  settings: ['support'],
  store: ['support', 'canonical', 'connector'],
  emulator: ['support'],
  connectors: ['support', 'connector', 'emulator'],
  testing: ['support', 'connector', 'emulator', 'store', 'canonical'],
  sync: [
    'support',
    'canonical',
    'connector',
    'mapping',
    'identity',
    'attribution',
    'journey',
    'credit',
    'settings',
    'store',
  ],
  http: ['support', 'canonical', 'connector', 'store', 'sync'],
  cli: [
    'support',
    'canonical',
    'connector',
    'mapping',
    'attribution',
    'settings',
    'store',
    'sync',
    'http',
    'emulator',
    'app',
  ],
  app: [
    'support',
    'canonical',
    'connector',
    'mapping',
    'attribution',
    'settings',
    'store',
    'sync',
    'emulator',
    'connectors',
  ],
};

const pure = ['support', 'canonical', 'mapping', 'identity', 'attribution', 'journey', 'credit'];
const files = [...sources('src'), ...sources('connectors')];
const all = files.flatMap(importsOf);

function lines(imports: readonly Import[]): string[] {
  return imports.map(({ from, to }) => `${from} imports ${to}`);
}

describe('the house plan', () => {
  it('reads the sources it judges', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(all.length).toBeGreaterThan(300);
  });

  it('lets each room import only the rooms below it', () => {
    const wrong = all.filter(
      ({ from, to }) => room(from) !== room(to) && !allowed[room(from)]?.includes(room(to)),
    );
    expect(lines(wrong)).toEqual([]);
  });

  it('has no files that import each other in a circle, not for types either', () => {
    const targets = Map.groupBy(all, ({ from }) => from);
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
      if (trail.includes(file) || done.has(file)) return;
      for (const { to } of targets.get(file) ?? []) visit(to, [...trail, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('keeps connectors apart from each other', () => {
    const system = (file: string) => (/^connectors\/([^/]+)\//.exec(file) ?? [])[1];
    const wrong = all.filter(({ from, to }) => system(from) && system(to) && system(from) !== system(to));
    expect(lines(wrong)).toEqual([]);
  });

  it('lets connectors see the loopback base only from their emulators', () => {
    const emulator = (file: string) => /^connectors\/[^/]+\/emulator/.test(file);
    const wrong = all.filter(
      ({ from, to }) =>
        from.startsWith('connectors/') &&
        room(to) === 'emulator' &&
        !emulator(from) &&
        from !== 'connectors/index.ts',
    );
    expect(lines(wrong)).toEqual([]);
  });

  it('keeps an emulator and its connector two witnesses: no shared code, types at most', () => {
    const emulator = (file: string) => /^connectors\/[^/]+\/emulator/.test(file);
    const wrong = all.filter(
      ({ from, to, typeOnly }) =>
        to.startsWith('connectors/') &&
        from !== 'connectors/index.ts' &&
        emulator(from) !== emulator(to) &&
        !typeOnly,
    );
    expect(lines(wrong)).toEqual([]);
  });

  it('keeps pure rooms free of I/O and clocks', () => {
    const impure =
      /from 'node:(?:fs|net|http|https|child_process|worker_threads)|\bDate\.now\(|\bMath\.random\(|\bfetch\(/;
    const exceptions = [
      'src/support/clock.ts',
      'src/mapping/files.ts',
      'src/attribution/run.ts',
      // Resamples are computed on several threads; what they compute is pure.
      'src/attribution/uncertainty/worker.ts',
      'src/attribution/uncertainty/workers.ts',
    ];
    const wrong = files
      .filter((file) => pure.includes(room(file)) && !exceptions.includes(file))
      .filter((file) => impure.test(readFileSync(join(root, file), 'utf8')));
    expect(wrong).toEqual([]);
  });

  it('has no folder barrels and no words that name nothing', () => {
    const names = files.filter((file) =>
      /\b(utils?|helpers?|common|manager|service)\b/i.test(file.replaceAll('/', ' ')),
    );
    const barrels = files.filter((file) => file.startsWith('src/') && file.endsWith('/index.ts'));
    expect([...names, ...barrels]).toEqual([]);
  });

  it('has no hole in its types', () => {
    const hole = /(?::\s*any\s*[,;)=\]|&>{]|\bas any\b|<any>|@ts-ignore|@ts-expect-error|\bas unknown as\b)/;
    expect(files.filter((file) => hole.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  });
});
