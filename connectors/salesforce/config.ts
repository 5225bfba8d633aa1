/** What an admin fills in for one Salesforce org. */
import { z } from 'zod';

export const sharedLoginHosts = new Set(['login.salesforce.com', 'test.salesforce.com']);

const fields = z.strictObject({
  loginUrl: z
    .url({ protocol: /^https?$/ })
    .default('https://login.salesforce.com')
    .meta({
      label: 'Login URL',
      help: 'Your My Domain address. Only the refresh token and JWT flows may use login.salesforce.com or test.salesforce.com.',
      example: 'https://acme.my.salesforce.com',
    }),
  flow: z.enum(['client_credentials', 'jwt_bearer', 'refresh_token']).default('client_credentials').meta({
    label: 'Sign-in flow',
    help: 'How the External Client App lets the hub in. Client credentials need a run-as user in the app.',
    example: 'client_credentials',
  }),
  clientId: z.string().min(1).meta({
    label: 'Consumer key',
    help: 'From the External Client App: Settings, OAuth Settings, Consumer Key and Secret.',
    example: '3MVG9…',
  }),
  clientSecret: z.string().min(1).optional().meta({
    label: 'Consumer secret',
    help: 'Needed for client credentials; for a refresh token only if the app demands it.',
    example: '8F3A90…',
    secret: true,
  }),
  username: z.string().min(1).optional().meta({
    label: 'User name',
    help: 'JWT bearer: the user that the hub acts as; the app must be pre-authorised for that user.',
    example: 'hub@acme.example',
  }),
  privateKey: z.string().min(1).optional().meta({
    label: 'Private key',
    help: 'JWT bearer: the RSA key (PEM) whose certificate was uploaded to the app.',
    example: '-----BEGIN PRIVATE KEY-----…',
    secret: true,
  }),
  audience: z.url().optional().meta({
    label: 'JWT audience',
    help: 'JWT bearer: login.salesforce.com, or test.salesforce.com for a sandbox. Derived from the login URL when absent.',
    example: 'https://login.salesforce.com',
  }),
  refreshToken: z.string().min(1).optional().meta({
    label: 'Refresh token',
    help: 'Refresh token flow: the first token; rotated ones are kept by the hub.',
    example: '5Aep861…',
    secret: true,
  }),
  apiVersion: z
    .string()
    .regex(/^\d{2,3}\.0$/)
    .default('66.0')
    .meta({
      label: 'API version',
      help: 'Salesforce REST API version.',
      example: '66.0',
    }),
  overlapMinutes: z.number().min(0).max(1440).default(10).meta({
    label: 'Overlap',
    help: 'How far each incremental read looks back, for changes whose transaction took long to commit.',
    example: '10',
  }),
  bulkThreshold: z.number().int().min(0).default(2000).meta({
    label: 'Bulk threshold',
    help: 'More writes than this in one push go through Bulk API 2.0 instead of calls of 200 records.',
    example: '2000',
  }),
  duplicateRules: z.enum(['respect', 'override']).default('respect').meta({
    label: 'Duplicate rules',
    help: 'respect: a write that a duplicate rule stops becomes a conflict. override: saved where the rule allows it.',
    example: 'respect',
  }),
  reserve: z.number().min(0).max(0.95).default(0.2).meta({
    label: 'Reserve',
    help: 'Share of the org’s API calls that is left for other apps.',
    example: '0.2',
  }),
  webhookToken: z.string().min(24).optional().meta({
    label: 'Webhook token',
    help: 'Unguessable; give the endpoint of the Outbound Message as …/webhooks/<connection>?token=<it>. There is no signature.',
    example: 'q0Zt7mP4…',
    secret: true,
  }),
  organizationId: z
    .string()
    .regex(/^00D[0-9A-Za-z]{12}([0-9A-Z]{3})?$/i)
    .optional()
    .meta({
      label: 'Organization ID',
      help: 'Setup, Company Information. Outbound Messages of any other org are refused.',
      example: '00D4S000000Oz4eUAC',
    }),
});

export type SalesforceConfig = z.infer<typeof fields>;

/** What each flow cannot do without. */
const required: Readonly<Record<SalesforceConfig['flow'], readonly (keyof SalesforceConfig)[]>> = {
  client_credentials: ['clientSecret'],
  jwt_bearer: ['username', 'privateKey'],
  refresh_token: ['refreshToken'],
};

export const salesforceConfig = fields.superRefine((config, issues) => {
  for (const name of required[config.flow]) {
    if (config[name] === undefined) {
      issues.addIssue({ code: 'custom', path: [name], message: `is needed for the ${config.flow} flow` });
    }
  }
  if (config.flow === 'client_credentials' && sharedLoginHosts.has(new URL(config.loginUrl).hostname)) {
    issues.addIssue({
      code: 'custom',
      path: ['loginUrl'],
      message:
        'must be your My Domain address: Salesforce refuses client credentials on the shared login hosts',
    });
  }
});
