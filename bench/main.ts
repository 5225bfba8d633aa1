/** `npm run bench [-- section …]`: speed and memory, as ratios within one run. Nothing here is a test. */

interface Section {
  readonly name: string;
  readonly what: string;
  load(): Promise<{ bench(): Promise<void> }>;
}

const sections: readonly Section[] = [
  {
    name: 'pull',
    what: 'Salesforce emulator into landing, against a bare jsforce loop',
    load: () => import('./pull.ts'),
  },
  {
    name: 'rebuild',
    what: 'normalize, resolve and attribute after a mapping change',
    load: () => import('./rebuild.ts'),
  },
  {
    name: 'calls',
    what: 'API calls of a backfill and a write-back, against the least possible',
    load: () => import('./calls.ts'),
  },
  {
    name: 'latency',
    what: 'stage change in, credit readable in the CRM',
    load: () => import('./latency.ts'),
  },
  {
    name: 'webhooks',
    what: 'a batch of chat events taken, against a bare server that keeps it as durably',
    load: () => import('./webhooks.ts'),
  },
  {
    name: 'heavy',
    what: 'one more chat of a person with 1,500 chats, against one with 15',
    load: () => import('./heavy.ts'),
  },
  { name: 'stall', what: 'how long the event loop stands still', load: () => import('./stall.ts') },
  {
    name: 'parts',
    what: 'a checkpoint for each of 5,000 parts, against one for all',
    load: () => import('./parts.ts'),
  },
  { name: 'idle', what: 'calls per hour with nothing changed', load: () => import('./idle.ts') },
  { name: 'recredit', what: 'all deals credited again after a new fit', load: () => import('./recredit.ts') },
  { name: 'attribution', what: 'models on ten million journeys', load: () => import('./attribution.ts') },
  { name: 'truth', what: 'credit of every model against known causes', load: () => import('./truth.ts') },
  {
    name: 'checks',
    what: 'how often the checks of a new fit find what is wrong',
    load: () => import('./checks.ts'),
  },
  {
    name: 'presence',
    what: 'credit of paths without times against known shares',
    load: () => import('./presence.ts'),
  },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !sections.some((section) => section.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `No such section: ${unknown.join(', ')}. There are: ${sections.map(({ name }) => name).join(', ')}.\n`,
  );
  process.exit(2);
}
for (const section of sections.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  process.stdout.write(`\n== ${section.name}: ${section.what}\n`);
  const { bench } = await section.load();
  await bench();
}
