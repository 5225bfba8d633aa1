import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../src/connector/settings.ts';
import { Problem } from '../../src/support/problem.ts';
import { secretsIn } from '../../src/support/schema.ts';

const signIn = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('key'),
    apiKey: z.string().min(10).meta({ label: 'API key', secret: true }),
  }),
  z.strictObject({
    kind: z.literal('oauth'),
    clientId: z.string().meta({ label: 'Client id', example: '3MVG9…' }),
    clientSecret: z.string().optional().meta({ secret: true }),
  }),
]);
const schema = z.strictObject({
  region: z.enum(['eu', 'us']).meta({ label: 'Region', help: 'Where the account lives.', example: 'eu' }),
  auth: signIn,
  headers: z.record(z.string(), z.string()).default({}).meta({ secret: true }),
  version: z
    .union([z.literal('legacy'), z.string().regex(/^20\d\d-\d\d$/, 'expected a month, such as 2026-09')])
    .default('legacy'),
  hooks: z
    .array(z.strictObject({ name: z.string(), key: z.string().meta({ label: 'Hook key', secret: true }) }))
    .default([]),
});
const connector = { title: 'CRM', config: schema };

function problem(raw: unknown): Problem {
  try {
    parseConfig(connector, 'crm-eu', raw);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('expected a Problem');
}

describe('settings', () => {
  it('come out parsed, with defaults', () => {
    const raw = { region: 'eu', auth: { kind: 'key', apiKey: '0123456789' } };
    expect(parseConfig(connector, 'crm-eu', raw)).toEqual({
      ...raw,
      headers: {},
      version: 'legacy',
      hooks: [],
    });
  });

  it('that are wrong name the connection, the field, what is wrong and what would be right', () => {
    const found = problem({ region: 'asia', auth: { kind: 'key', apiKey: '0123456789' } });
    expect(found.kind).toBe('configuration');
    expect(found.toString()).toContain('connection "crm-eu"');
    expect(found.message).toContain('region (Region)');
    expect(found.message).toContain('expected one of "eu"|"us"');
    expect(found.message).toContain('Where the account lives. Example: eu');
  });

  it('name every wrong field, also those inside a choice', () => {
    const found = problem({ auth: { kind: 'oauth' } });
    expect(found.message.split('\n')).toHaveLength(2);
    expect(found.message).toContain('auth.clientId (Client id)');
    expect(found.message).toContain('Example: 3MVG9…');
  });

  it('name a field inside a list by its label', () => {
    const found = problem({
      region: 'eu',
      auth: { kind: 'key', apiKey: '0123456789' },
      hooks: [{ name: 'a' }],
    });
    expect(found.message).toContain('hooks.0.key (Hook key)');
  });

  it('say what each form of a choice asks for', () => {
    const found = problem({ region: 'eu', auth: { kind: 'key', apiKey: '0123456789' }, version: 7 });
    expect(found.message).toContain('version: expected "legacy", or expected string');
  });

  it.each([undefined, null, 'text', []])('that are no settings at all (%j) are refused in words', (raw) => {
    expect(problem(raw).message).toContain('the settings as a whole');
  });

  it('name a field that nobody knows', () => {
    const found = problem({ region: 'eu', auth: { kind: 'key', apiKey: '0123456789', apiToken: 'x' } });
    expect(found.message).toContain('auth.apiToken: there is no such setting. Use one of: kind, apiKey');
  });
});

describe('secrets in settings', () => {
  it('are found by the schema’s marks, in choices and below marked fields, parsed or not', () => {
    const raw = {
      region: 1,
      auth: { kind: 'oauth', clientSecret: 'hidden' },
      headers: { a: 'one', b: ['two'] },
      hooks: [{ name: 'open', key: 'three' }, null, { key: 'four' }],
    };
    expect(new Set(secretsIn(schema, raw))).toEqual(new Set(['hidden', 'one', 'two', 'three', 'four']));
  });

  it('are none in settings that are nothing', () => {
    expect(secretsIn(schema, undefined)).toEqual([]);
  });
});
