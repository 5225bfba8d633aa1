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

/** `src/sync/push/push.ts` is of `sync`; `src/app.ts` of `app`; `connectors/hubspot/…` of `connectors`. */
function room(file: string): string {
  const parts = file.split('/');
  if (parts[0] === 'connectors' || parts[0] === 'emulators') return parts[0];
  return parts.length > 2 ? (parts[1] ?? '') : (parts[1] ?? '').replace('.ts', '');
}

const belowSync = [
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
];

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
  // What a rule of attribution usually is stands in the rulebook, and what models are called beside it.
  settings: ['support', 'attribution'],
  store: ['support', 'canonical', 'connector'],
  emulators: ['support'],
  connectors: ['support', 'connector'],
  testing: ['support', 'connector', 'emulators', 'store', 'canonical'],
  sync: belowSync,
  // What people ask: it reads what the stages of the road keep, and marks nothing.
  reports: [...belowSync, 'sync'],
  http: ['support', 'canonical', 'connector', 'store', 'sync', 'reports'],
  cli: [
    'support',
    'canonical',
    'connector',
    'mapping',
    'attribution',
    'settings',
    'store',
    'sync',
    'reports',
    'http',
    'emulators',
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
    'reports',
    'emulators',
    'connectors',
  ],
};

/**
 * The order inside a room, from the ground up: a file imports its own floor and those below. The stages of the road
 * stand side by side on one floor where none needs another.
 */
const floors: Readonly<Record<string, readonly RegExp[]>> = {
  sync: [
    /^(?:hub|batch|backoff|computed-by|editions|own-editions|marking|targets|addresses|pass-on|settling|echo|rules|standing|external-ref|ended-rows|restored|resumption|sending)\.ts$/,
    /^pull\//,
    /^(?:normalize|resolve|attribute)\//,
    /^push\/plan\//,
    /^push\/(?:outcomes|sent|judge|keep)\.ts$/,
    /^push\/gates\//,
    /^push\//,
    /^undo\//,
    /^fit\//,
    /^(?:road|ahead|schedule)\.ts$/,
  ],
  store: [
    /^(?:contract\/|names\.ts$)/,
    /^database\//,
    /^(?:hub|identity|landing)\//,
    /^(?:work|facts|outbox)\//,
    /^(?:entities|credits)\//,
    /^(?:migrations)\//,
    /^(?:open|store|copy|backup)\.ts$/,
  ],
  mapping: [/^language\//, /^(?:reading|writing|folding|checking)\//, /^(?:compile|section)\.ts$/],
};

const pure = ['support', 'canonical', 'mapping', 'identity', 'attribution', 'journey', 'credit'];
const files = [...sources('src'), ...sources('connectors'), ...sources('emulators')];
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

  it('keeps connectors apart from each other, and emulators too', () => {
    const system = (file: string) => (/^(?:connectors|emulators)\/([^/]+)\//.exec(file) ?? [])[1];
    const isShared = (file: string) => /^emulators\/(?:loopback|world)\//.test(file);
    const wrong = all.filter(
      ({ from, to }) => system(from) && system(to) && system(from) !== system(to) && !isShared(to),
    );
    expect(lines(wrong)).toEqual([]);
  });

  it('keeps an emulator and its connector two witnesses: no shared code', () => {
    const side = (file: string) => file.split('/')[0];
    const wrong = all.filter(
      ({ from, to }) =>
        (side(from) === 'emulators' && side(to) === 'connectors') ||
        (side(from) === 'connectors' && side(to) === 'emulators'),
    );
    expect(lines(wrong)).toEqual([]);
  });

  it('has the same inner rooms in every connector, and none imports one above it', () => {
    const order = ['wire', 'read', 'write', 'setup', 'index.ts'];
    const place = (file: string) => {
      const [, , inner = ''] = file.split('/');
      return inner === 'config.ts' ? -1 : order.indexOf(inner);
    };
    const ofConnectors = all.filter(({ from }) => /^connectors\/[^/]+\//.test(from));
    const wrong = ofConnectors.filter(
      ({ from, to }) => to.startsWith('connectors/') && place(from) < place(to),
    );
    const strange = files.filter(
      (file) => /^connectors\/[^/]+\//.test(file) && place(file) < 0 && !file.endsWith('/config.ts'),
    );
    expect([...lines(wrong), ...strange]).toEqual([]);
  });

  it.each(Object.keys(floors))('lets nothing inside %s import what is above it', (name) => {
    const order = floors[name] ?? [];
    const floor = (file: string) => order.findIndex((one) => one.test(file.slice(`src/${name}/`.length)));
    const inside = all.filter(
      ({ from, to, typeOnly }) =>
        room(from) === name && room(to) === name && !(typeOnly && from === `src/${name}/hub.ts`),
    );
    const wrong = inside.filter(({ from, to }) => floor(from) < floor(to));
    const homeless = files.filter((file) => room(file) === name && floor(file) < 0);
    expect([...lines(wrong), ...homeless]).toEqual([]);
  });

  it('lets reports read and mark nothing', () => {
    const marks = /\b(?:(?:mark|park|done|settle|replace|remember|forget|saveState)\(|markFor[A-Z])/;
    const wrong = files.filter((file) => {
      const code = readFileSync(join(root, file), 'utf8');
      return (
        room(file) === 'reports' &&
        [...code.matchAll(/\bstore\.[\w.]+\(|markFor\w+/g)].some(([call]) => marks.test(call))
      );
    });
    expect(wrong).toEqual([]);
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
      // The posterior is sampled in a thread of its own; what it computes is pure.
      'src/attribution/posterior/worker.ts',
      'src/attribution/posterior/apart.ts',
      // Expressions are evaluated apart, so that an endless one ends alone; what they compute is pure.
      'src/mapping/language/jsonata/process.ts',
      'src/mapping/language/jsonata/thread-program.ts',
      'src/mapping/language/jsonata/thread.ts',
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
