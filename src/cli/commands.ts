/** All commands, in the order in which the help lists them. None is loaded before it is called. */
import type { Command } from './command.ts';

export const commands: readonly Command[] = [
  {
    usage: 'init',
    help: 'Write config/hub.yaml, the mappings and a key file, where there are none.',
    load: async () => (await import('./init.ts')).init,
  },
  {
    usage: 'check',
    help: 'Check configuration, credentials, permissions, and mappings against the CRMs. Changes nothing.',
    load: async () => (await import('./check.ts')).check,
  },
  {
    usage: 'serve',
    help: 'Run the hub: schedules, webhooks, API.',
    load: async () => (await import('./serve.ts')).serve,
  },
  {
    usage: 'sync [connection]',
    help: 'Pull what changed and carry it all the way down the road.',
    load: async () => (await import('./sync.ts')).sync,
  },
  {
    usage: 'plan [connection]',
    help: 'Show every write that a push would make, field by field, with the reason. Sends nothing.',
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    usage: 'push',
    help: 'Send what waits to be written.',
    load: async () => (await import('./push.ts')).push,
  },
  {
    usage: 'undo [run]',
    help: 'The latest runs and what they wrote; for one, how it is taken back; with --apply, do so.',
    load: async () => (await import('./undo.ts')).undo,
  },
  {
    usage: 'provision <connection>',
    help: 'Show which fields the CRM lacks; with --apply, make them.',
    load: async () => (await import('./provision.ts')).provision,
  },
  {
    usage: 'deal <id>',
    help: 'A deal’s journey, every touch’s share and money under each model, and why. The id of the hub or of a CRM.',
    load: async () => (await import('./deal.ts')).deal,
  },
  {
    usage: 'models [action] [first] [second]',
    help: 'Fits of the data-driven models: list, fit, promote <version>, rollback [model], compare <a> <b>, experiment. `compare` alone: all models side by side.',
    load: async () => (await import('./models.ts')).models,
  },
  {
    usage: 'status',
    help: 'Connections, records, work that waits, parked records.',
    load: async () => (await import('./status.ts')).status,
  },
  {
    usage: 'suggest',
    help: 'Likely pairs of deals in two CRMs, and duplicates inside one; joins nothing.',
    load: async () => (await import('./suggest.ts')).suggest,
  },
  {
    usage: 'preview <connection> <record>',
    help: 'One record that has come in, through the mapping: what each field becomes, and why.',
    load: async () => (await import('./preview.ts')).preview,
  },
  {
    usage: 'parked [action]',
    help: 'List what waits for a person; `parked retry` brings it back, `parked drop` gives it up.',
    load: async () => (await import('./parked.ts')).parked,
  },
  {
    usage: 'work',
    help: 'Walk the road for marks that others make; run as many as you like on one PostgreSQL.',
    load: async () => (await import('./work.ts')).work,
  },
  {
    usage: 'import <what> <file>',
    help: 'Import a file: `import chat events.ndjson`.',
    load: async () => (await import('./import.ts')).importFile,
  },
  {
    usage: 'attribute',
    help: 'Credit by channel, from a file of journeys.',
    load: async () => (await import('./attribute.ts')).attribute,
  },
  {
    usage: 'simulate',
    help: 'Write touches and people whose true causes are known.',
    load: async () => (await import('./simulate.ts')).simulate,
  },
  {
    usage: 'emulate <system>',
    help: 'Run a stand-in of salesforce, hubspot or chatbot.',
    load: async () => (await import('./emulate.ts')).emulate,
  },
  {
    usage: 'replay <recording>',
    help: 'Read a recording of a vendor with the real connector; names every field that no mapping reads.',
    load: async () => (await import('./replay.ts')).replay,
  },
  {
    usage: 'db <action>',
    help: '`db copy --to …`: move this hub to another database, with counts and checksums.',
    load: async () => (await import('./db.ts')).db,
  },
  {
    usage: 'demo',
    help: 'Emulators, one seeded world, the whole road, the credit read back.',
    load: async () => (await import('./demo.ts')).demo,
  },
];
