import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openApp } from '../../src/app.ts';
import { loadSettings } from '../../src/settings/load.ts';
import { silentLog } from '../../src/support/log.ts';

function file(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hub-urls-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'hub.yaml');
  writeFileSync(path, text);
  return path;
}

const chatbot = (url: string) => `data: temporary
connections:
  chatbot:
    connector: chatbot
    config:
      baseUrl: ${url}
      apiKey: a-key-of-the-chatbot-that-is-long
      webhookSecret: a-secret-of-the-chatbot-that-is-long
`;

const open = (text: string) =>
  openApp(loadSettings(file(text), {}), { env: {}, log: silentLog, signal: new AbortController().signal });

it('refuses a user or password in a connection’s address, by name and line, and does not repeat it', async () => {
  const problem = await open(chatbot('https://ada:lovelace@chat.example.com')).catch((error: Error) => error);
  expect(String(problem)).toMatch(/hub\.yaml:6: .*`baseUrl` carries a user or password.*Take it out/);
  expect(String(problem)).not.toContain('lovelace');
});

it('refuses it in the public address', () => {
  const text = 'connections: {}\nserver: { publicUrl: "https://ada:lovelace@hub.example.com" }\n';
  expect(() => loadSettings(file(text), {})).toThrow(/user or password/);
});
