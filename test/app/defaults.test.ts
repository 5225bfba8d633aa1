/** `defaultCountry`, `defaultCurrency` and `identity.placeholders` of hub.yaml reach the mappings of its connections. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { loadSettings } from '../../src/settings/load.ts';
import { silentLog } from '../../src/support/log.ts';
import { keysOf, objectOf, record, valuesOf } from '../mapping/sample.ts';

const connection = `data: temporary
connections:
  crm: { connector: hubspot, config: { accessToken: a-token-that-is-long-enough-for-anybody } }
`;

const mapping = (defaults = '') => `system: hubspot
${defaults}objects:
  contacts:
    entity: Person
    match: { external: foreign }
    fields: { phone: phone }
  deals:
    entity: Deal
    fields: { amount: amount }
`;

/** What is read of a contact and a deal that name neither country nor currency. */
async function readBy(hubYaml: string, file = mapping()) {
  const folder = mkdtempSync(join(tmpdir(), 'hub-defaults-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'config/mappings'), { recursive: true });
  writeFileSync(join(folder, 'config/hub.yaml'), `${connection}${hubYaml}`);
  writeFileSync(join(folder, 'config/mappings/hubspot.yaml'), file);
  const settings = loadSettings(join(folder, 'config/hub.yaml'), {});
  const { signal } = new AbortController();
  const app = await openApp(settings, { env: {}, log: silentLog, signal });
  onTestFinished(() => app.close());
  const compiled = app.hub.systems.get('crm')?.mapping;
  if (!compiled) throw new Error('no connection');
  const read = (object: string, body: Readonly<Record<string, string>>) =>
    objectOf(compiled, object).normalize(record(object, '1', { id: '1', properties: { ...body }, ...body }));
  const person = read('contacts', { phone: '030 23125000', foreign: 'walk-in' });
  return {
    phone: valuesOf(person).phone,
    keys: keysOf(person),
    amount: valuesOf(read('deals', { amount: '5' })).amount,
  };
}

it('act where neither record nor file says otherwise', async () => {
  const { phone, amount } = await readBy('defaultCountry: DE\ndefaultCurrency: JPY\n');
  expect(phone).toBe('+493023125000');
  expect(amount).toEqual({ minor: 5, currency: 'JPY' });
});

it('give way to the file', async () => {
  const file = mapping('defaults: { country: AT, currency: EUR }\n');
  const { phone, amount } = await readBy('defaultCountry: DE\ndefaultCurrency: JPY\n', file);
  expect(phone).not.toBe('+493023125000');
  expect(amount).toEqual({ minor: 500, currency: 'EUR' });
});

it('leave a number as it was typed where nobody says a country', async () => {
  expect((await readBy('')).phone).toBe('030 23125000');
});

it('know the placeholders of this company', async () => {
  expect((await readBy('')).keys.join()).toContain('walk-in');
  expect((await readBy('identity: { placeholders: [Walk-In] }\n')).keys.join()).not.toContain('walk-in');
});
