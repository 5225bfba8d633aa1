/** What `config/hub.yaml` may say. Descriptions are for the admin: errors and docs print them. */
import { z } from 'zod';
import { isCountryCode } from '../support/country.ts';
import { isCurrencyCode } from '../support/money.ts';
import { hasUserInfo } from '../support/urls.ts';
import { attributionSchema } from './attribution.ts';
import { channelsSchema } from './channels.ts';
import { cron } from './cron.ts';

/** From the environment (`${PORT}`) numbers come as text. */
const port = z.preprocess(
  (given) => (typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given),
  z.int().min(0).max(65_535),
);

const connectionSchema = z.strictObject({
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
  awaits: z.boolean().default(true).meta({
    help: 'false: nothing that is written waits until this connection has been read to the end once.',
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
  firstCreation: z.enum(['ask', 'allow']).default('ask').meta({
    help: 'Whether the first records that the hub makes in an object of a CRM ask, whatever their number.',
  }),
});

const identitySchema = z.strictObject({
  placeholders: z
    .array(z.string())
    .default([])
    .meta({
      help: 'Ids that identify nobody, besides those that the hub knows (mappings/README.md).',
      example: ['kiosk-1'],
    }),
  limits: z
    .partialRecord(
      z.enum(['chatUser', 'session', 'visitor', 'phone', 'external', 'id', 'email', 'domain']),
      z.int().min(1),
    )
    .default({})
    .meta({
      help: 'How many people may share an id, address or phone before it identifies nobody.',
      example: { chatUser: 3, email: 20 },
    }),
  hubIds: z.enum(['needed', 'along', 'always']).default('needed').meta({
    help: 'Paired records get the hub’s id along with other values. In calls of their own: where the pair hangs on an address alone (needed), never (along), or always.',
  }),
});

export const settingsSchema = z.strictObject({
  data: z
    .string()
    .default('data')
    .meta({ help: 'Directory of the embedded store and the key file; "temporary" for a throw-away one.' }),
  database: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'is not a PostgreSQL address')
    .optional()
    .meta({
      help: 'For more than one process; without it the embedded store is used.',
      example: 'postgres://hub@db.example.com/hub',
      secret: true,
    }),
  mappings: z.string().optional().meta({
    help: 'Directory of your own mapping files; default config/mappings. What is not there is read as shipped.',
    example: 'config/mappings',
  }),
  server: z
    .strictObject({
      host: z.string().default('127.0.0.1').meta({ help: 'Address to listen on.' }),
      port: port.default(8080).meta({ help: 'A port from 0 (any free one) to 65535.' }),
      publicUrl: z
        .url({ protocol: /^https?$/ })
        .refine((url) => !hasUserInfo(url), 'carries a user or password, which would reach logs: take it out')
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
  identity: identitySchema.prefault({}),
  defaultCountry: z
    .string()
    .refine(isCountryCode, 'is not a country code of two capital letters')
    .optional()
    .meta({
      help: 'For phone numbers without a country code whose record names no country; without it they stay as typed.',
      example: 'US',
    }),
  defaultCurrency: z.string().refine(isCurrencyCode, 'is not a currency code of ISO 4217').optional().meta({
    help: 'For amounts where neither the record nor its system names a currency; USD unless said otherwise.',
    example: 'USD',
  }),
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

/** What amounts are in where nobody says anything else. */
export function lastCurrency({ defaultCurrency }: Pick<Settings, 'defaultCurrency'>): string {
  return defaultCurrency ?? 'USD';
}

/** Whether the admin has switched writing on for this object of this connection. */
export function writesOn(connection: ConnectionSettings, object: string): boolean {
  const { writes } = connection;
  return (typeof writes === 'string' ? writes : writes[object]) === 'on';
}
