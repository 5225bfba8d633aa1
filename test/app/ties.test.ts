/** A mapping may tie records by associations only where the system has them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { loadSettings } from '../../src/settings/load.ts';
import { silentLog } from '../../src/support/log.ts';

const accounts = {
  hubspot: '{ accessToken: a-token-that-is-long-enough }',
  salesforce: '{ loginUrl: "https://x.my.salesforce.com", clientId: k, clientSecret: s-e-c-r-e-t }',
};

async function openWith(system: keyof typeof accounts, reference: string) {
  const folder = mkdtempSync(join(tmpdir(), 'hub-ties-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'config/mappings'), { recursive: true });
  const connection = `{ connector: ${system}, config: ${accounts[system]} }`;
  writeFileSync(join(folder, 'config/hub.yaml'), `data: temporary\nconnections:\n  crm: ${connection}\n`);
  const mapping = `system: ${system}
objects:
  Row:
    entity: ChatTouch
    externalId: Hub_Id
    references: ${reference}
  Target:
    entity: Deal
`;
  writeFileSync(join(folder, `config/mappings/${system}.yaml`), mapping);
  const settings = loadSettings(join(folder, 'config/hub.yaml'), {});
  const app = await openApp(settings, { env: {}, log: silentLog, signal: new AbortController().signal });
  await app.close();
}

const tie = '{ Target: { to: Target, from: deal, as: association } }';

it('is told to who ties records of a system that has no associations', async () => {
  await expect(openWith('salesforce', tie)).rejects.toThrow('has no associations');
  await expect(openWith('hubspot', tie)).resolves.toBeUndefined();
});

it('does not make a field for what is not one, or points to several', async () => {
  const made = 'provision: { label: Target }';
  for (const reference of [
    `{ to: Target, from: deal, as: association, ${made} }`,
    `{ to: [Target, Row], from: deal, ${made} }`,
  ])
    await expect(openWith('hubspot', `{ Target: ${reference} }`)).rejects.toThrow('points to one object');
});
