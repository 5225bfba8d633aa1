/** All commands, in the order in which the help lists them. None is loaded before it is called. */
import type { Command } from './command.ts';

export const commands: readonly Command[] = [
  {
    usage: 'init',
    help: 'Write config/hub.yaml and a key file, where there are none.',
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    usage: 'check',
    help: 'Check configuration, credentials, permissions, and mappings against the CRMs. Changes nothing.',
    load: async () => (await import('./commands/check.ts')).check,
  },
  {
    usage: 'serve',
    help: 'Run the hub: schedules, webhooks, API.',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  {
    usage: 'sync [connection]',
    help: 'Pull what changed and carry it all the way down the road.',
    load: async () => (await import('./commands/sync.ts')).sync,
  },
  {
    usage: 'plan [connection]',
    help: 'Show every write that a push would make, field by field, with the reason. Sends nothing.',
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  {
    usage: 'push',
    help: 'Send what waits to be written.',
    load: async () => (await import('./commands/push.ts')).push,
  },
  {
    usage: 'undo [run]',
    help: 'The latest runs and what they wrote; for one, how it is taken back; with --apply, do so.',
    load: async () => (await import('./commands/undo.ts')).undo,
  },
  {
    usage: 'provision <connection>',
    help: 'Show which fields the CRM lacks; with --apply, make them.',
    load: async () => (await import('./commands/provision.ts')).provision,
  },
  {
    usage: 'deal <id>',
    help: 'A deal’s journey, every touch’s share and money under each model, and why. The id of the hub or of a CRM.',
    load: async () => (await import('./commands/deal.ts')).deal,
  },
  {
    usage: 'models [action] [first] [second]',
    help: 'Fits of the data-driven models: list, fit, promote <version>, rollback [model], compare <a> <b>, experiment. `compare` alone: all models side by side.',
    load: async () => (await import('./commands/models.ts')).models,
  },
  {
    usage: 'status',
    help: 'Connections, records, work that waits, parked records.',
    load: async () => (await import('./commands/status.ts')).status,
  },
  {
    usage: 'suggest',
    help: 'Ambiguous keys, likely pairs of people and deals in two CRMs, duplicates inside one; joins nothing.',
    load: async () => (await import('./commands/suggest.ts')).suggest,
  },
  {
    usage: 'same <connection> <record> <connection2> <record2>',
    help: 'Say that two records are one, for good; `suggest` shows whole commands.',
    load: async () => (await import('./commands/decide.ts')).same,
  },
  {
    usage: 'different <connection> <record> <connection2> <record2>',
    help: 'Say that two records are two, whatever they share.',
    load: async () => (await import('./commands/decide.ts')).different,
  },
  {
    usage: 'undecided <connection> <record> <connection2> <record2>',
    help: 'Take back what was said with `same` or `different`.',
    load: async () => (await import('./commands/decide.ts')).undecided,
  },
  {
    usage: 'record <connection> <record>',
    help: 'The whole story of one record, by id, e-mail address or the address of its page: what it is, what it was paired with, why it was or was not written, every write.',
    load: async () => (await import('./commands/record.ts')).record,
  },
  {
    usage: 'mapping [action] [system]',
    help: 'Which mapping each connection uses; `mapping edit <system>` copies the shipped one for you to edit.',
    load: async () => (await import('./commands/mapping.ts')).mapping,
  },
  {
    usage: 'preview <connection> <record>',
    help: 'One record that has come in, through the mapping: what each field becomes, and why.',
    load: async () => (await import('./commands/preview.ts')).preview,
  },
  {
    usage: 'parked [action]',
    help: 'List what waits for a person; `parked show` shows one, `parked retry` brings it back, `parked drop` gives it up.',
    load: async () => (await import('./commands/parked.ts')).parked,
  },
  {
    usage: 'work',
    help: 'Walk the road for marks that others make; run as many as you like on one PostgreSQL.',
    load: async () => (await import('./commands/work.ts')).work,
  },
  {
    usage: 'import <what> <file>',
    help: 'Import a file: `import chat events.ndjson`.',
    load: async () => (await import('./import/import.ts')).importFile,
  },
  {
    usage: 'attribute',
    help: 'Credit by channel, from a file of journeys.',
    load: async () => (await import('./attribute/attribute.ts')).attribute,
  },
  {
    usage: 'simulate',
    help: 'Write touches and people whose true causes are known.',
    load: async () => (await import('./commands/simulate.ts')).simulate,
  },
  {
    usage: 'emulate <system>',
    help: 'Run a stand-in of salesforce, hubspot or chatbot.',
    load: async () => (await import('./commands/emulate.ts')).emulate,
  },
  {
    usage: 'replay <recording>',
    help: 'Read a recording of a vendor with the real connector; names every field that no mapping reads.',
    load: async () => (await import('./commands/replay.ts')).replay,
  },
  {
    usage: 'db <action> [file]',
    help: '`db backup <file>`, `db restore <file>`; `db copy --to …`: move this hub to another database, with counts and checksums.',
    load: async () => (await import('./commands/db.ts')).db,
  },
  {
    usage: 'demo',
    help: 'Emulators, one seeded world, the whole road, the credit read back.',
    load: async () => (await import('./commands/demo.ts')).demo,
  },
];
