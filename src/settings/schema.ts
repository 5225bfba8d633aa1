/** What `config/hub.yaml` may say. Descriptions are for the admin: errors and docs print them. */
import { z } from 'zod';
import { attributionSchema } from './attribution.ts';
import { channelsSchema } from './channels.ts';
import { cron } from './cron.ts';

/** From the environment (`${PORT}`) numbers come as text. */
const port = z.preprocess(
  (given) => (typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given),
  z.int().min(0).max(65_535),
);

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
  schedule: cron
    .default('*/5 * * * *')
    .meta({ help: 'When to pull what changed, as a cron expression.', example: '*/5 * * * *' }),
  schedules: z
    .record(z.string(), cron)
    .default({})
    .meta({ help: 'Streams with a schedule of their own: { forms: "0 * * * *" }.' }),
  rereads: z
    .union([z.literal('off'), cron])
    .default('17 2 * * 0')
    .meta({
      help: 'When to read everything again, for changes that move no change stamp (formula fields, associations), or off.',
      example: '17 2 * * 0',
    }),
  streams: z
    .array(z.string())
    .optional()
    .meta({ help: 'Objects to pull; default: those that the mapping names.' }),
});

const safetySchema = z.strictObject({
  maxShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.25)
    .meta({ help: 'A push that would change more of an object stops and asks.' }),
  minRecords: z.int().min(0).default(50).meta({ help: 'Pushes of fewer records never ask.' }),
});

export const settingsSchema = z.strictObject({
  data: z
    .string()
    .default('data')
    .meta({ help: 'Directory of the embedded store and the key file; "temporary" for a throw-away one.' }),
  database: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'is no PostgreSQL address')
    .optional()
    .meta({
      help: 'For more than one process; without it the embedded store is used.',
      example: 'postgres://hub@db.example.com/hub',
      secret: true,
    }),
  mappings: z.string().default('mappings').meta({ help: 'Directory of the mapping files.' }),
  server: z
    .strictObject({
      host: z.string().default('127.0.0.1').meta({ help: 'Address to listen on.' }),
      port: port.default(8080).meta({ help: 'A port from 0 (any free one) to 65535.' }),
      publicUrl: z
        .url({ protocol: /^https?$/ })
        .optional()
        .meta({
          help: 'How the world reaches the hub; webhook signatures cover it.',
          example: 'https://hub.example.com',
        }),
      apiKey: z
        .string()
        .min(16)
        .optional()
        .meta({ help: 'Needed by admin routes; without it they are closed.', secret: true }),
    })
    .prefault({}),
  connections: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'lower-case letters, digits and dashes'), connectionSchema)
    .meta({ help: 'The connected systems, each under a name of lower-case letters, digits and dashes.' }),
  attribution: attributionSchema.prefault({}),
  channels: channelsSchema.optional().meta({
    help: 'How visits become channels, where the usual rules (those of web analytics) do not fit.',
  }),
  safety: safetySchema.prefault({}),
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, 'is no country code of two capital letters')
    .default('US')
    .meta({ help: 'For phone numbers without a country code.', example: 'US' }),
  defaultCurrency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'is no currency code of three capital letters')
    .default('USD')
    .meta({ help: 'For amounts without a currency.', example: 'USD' }),
  freshForMs: z
    .int()
    .min(0)
    .default(0)
    .meta({ help: 'Before it creates a record the hub reads what is new, unless it did so this recently.' }),
  log: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .meta({ help: 'The least urgent kind of log line that is written.' }),
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
