/** What `config/hub.yaml` may say. Descriptions are for the admin: errors and docs print them. */
import { z } from 'zod';

const cron = z
  .string()
  .regex(/^\S+(\s+\S+){4,5}$/, 'a cron expression of five or six fields, such as "*/5 * * * *"');

export const connectionSchema = z.strictObject({
  connector: z.string().meta({ help: 'Which system: salesforce, hubspot, chatbot.' }),
  mapping: z.string().optional().meta({ help: 'File in the mappings folder; default <connector>.yaml.' }),
  config: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ help: 'Base URLs and credentials, by the connector.' }),
  emulate: z
    .enum(['demo', 'empty'])
    .optional()
    .meta({ help: 'Run against a stand-in on loopback instead of the vendor.' }),
  writes: z
    .union([z.enum(['on', 'off']), z.record(z.string(), z.enum(['on', 'off']))])
    .default('off')
    .meta({ help: 'Off until you switch it on, for all objects or one by one: { Opportunity: on }.' }),
  schedule: cron.default('*/5 * * * *').meta({ help: 'When to pull what changed.' }),
  streams: z
    .array(z.string())
    .optional()
    .meta({ help: 'Objects to pull; default: those that the mapping names.' }),
});

const attributionSchema = z.strictObject({
  models: z
    .array(z.string())
    .min(1)
    .default([
      'first',
      'last',
      'last-non-direct',
      'linear',
      'time-decay',
      'position',
      'u-shaped',
      'w-shaped',
      'full-path',
    ]),
  creditModel: z.string().default('position').meta({ help: 'The model whose credit is written onto deals.' }),
  lookbackDays: z.number().int().min(1).max(3650).default(90),
  halfLifeDays: z.number().positive().default(7),
  directChannels: z.array(z.string()).default(['Direct']),
});

const safetySchema = z.strictObject({
  maxShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.25)
    .meta({ help: 'A push that would change more of an object stops and asks.' }),
  minRecords: z.number().int().min(0).default(50).meta({ help: 'Pushes of fewer records never ask.' }),
});

export const settingsSchema = z.strictObject({
  data: z
    .string()
    .default('data')
    .meta({ help: 'Directory of the embedded store and the key file; "temporary" for a throw-away one.' }),
  database: z
    .string()
    .optional()
    .meta({ help: 'postgres://… for more than one process; default: embedded.' }),
  mappings: z.string().default('mappings'),
  server: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: z.number().int().min(0).max(65_535).default(8080),
      publicUrl: z
        .string()
        .optional()
        .meta({ help: 'How the world reaches the hub; webhook signatures cover it.' }),
      apiKey: z
        .string()
        .min(16)
        .optional()
        .meta({ help: 'Needed by admin routes; without it they are closed.', secret: true }),
    })
    .prefault({}),
  connections: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes'),
    connectionSchema,
  ),
  attribution: attributionSchema.prefault({}),
  safety: safetySchema.prefault({}),
  defaultCountry: z
    .string()
    .length(2)
    .default('US')
    .meta({ help: 'For phone numbers without a country code.' }),
  defaultCurrency: z.string().length(3).default('USD'),
  freshForMs: z
    .number()
    .int()
    .min(0)
    .default(60_000)
    .meta({ help: 'A create first pulls an object that was last pulled longer ago.' }),
  log: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** As `data`: a directory of its own that goes with the process. */
export const temporaryData = 'temporary';

export type Settings = z.infer<typeof settingsSchema>;
export type ConnectionSettings = z.infer<typeof connectionSchema>;

/** Whether the admin has switched writing on for this object of this connection. */
export function writesOn(connection: ConnectionSettings, object: string): boolean {
  const { writes } = connection;
  return (typeof writes === 'string' ? writes : writes[object]) === 'on';
}
