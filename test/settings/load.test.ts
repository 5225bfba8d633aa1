/** What an admin writes, and what the hub says to it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Environment, loadSettings } from '../../src/settings/load.ts';
import { Problem } from '../../src/support/problem.ts';

const folder = mkdtempSync(join(tmpdir(), 'settings-'));
afterAll(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'config'));
const file = join(folder, 'config/hub.yaml');

function load(text: string, env: Environment = {}) {
  writeFileSync(file, text);
  return loadSettings(file, env);
}

/** Everything that is wrong, as `line: message remedy`. */
function complaints(text: string, env: Environment = {}): string[] {
  try {
    load(text, env);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    expect(error.exitCode).toBe(3);
    return error.toString().replaceAll(`${file}:`, '').split('\n');
  }
  return [];
}

const connection = 'connections: { crm: { connector: hubspot } }';

describe('the configuration', () => {
  it('has defaults for all but the connections, and paths from the folder above it', () => {
    const settings = load(connection);
    expect(settings).toMatchObject({
      data: join(folder, 'data'),
      mappings: join(folder, 'config/mappings'),
      file,
    });
    expect(settings.server).toEqual({ host: '127.0.0.1', port: 8080 });
    expect(settings.connections.crm).toMatchObject({ writes: 'off', schedule: '*/5 * * * *', config: {} });
  });

  it('is careful where nobody says otherwise: writes are off, and first creations and large pushes ask', () => {
    const { connections, safety, identity } = load(connection);
    expect(connections.crm?.writes).toBe('off');
    expect(safety).toMatchObject({ firstCreation: 'ask', maxShare: 0.25 });
    expect(identity.hubIds).toBe('needed');
  });

  it('keeps the mappings of a hub that was set up with them in `mappings/`', () => {
    mkdirSync(join(folder, 'mappings'));
    const before = load(connection).mappings;
    rmSync(join(folder, 'mappings'), { recursive: true });
    expect(before).toBe(join(folder, 'mappings'));
    expect(load(`mappings: mine\n${connection}`).mappings).toBe(join(folder, 'mine'));
  });

  it('takes values from the environment, with fallbacks for what is unset or empty', () => {
    const text = `
server: { port: "\${PORT}" }
connections: { crm: { connector: hubspot, config: { accessToken: "\${TOKEN}", baseUrl: "\${BASE:-https://a}" } } }`;
    const settings = load(text, { PORT: '9000', TOKEN: '0123', BASE: '' });
    expect(settings.server.port).toBe(9000);
    expect(settings.connections.crm?.config).toEqual({ accessToken: '0123', baseUrl: 'https://a' });
  });

  it('uses DATABASE_URL, but for a hub that is thrown away', () => {
    const env = { DATABASE_URL: 'postgres://db/hub' };
    expect(load(connection, env).database).toBe('postgres://db/hub');
    expect(load(`data: temporary\n${connection}`, env).database).toBeUndefined();
    expect(load(`database: postgres://other/hub\n${connection}`, env).database).toBe('postgres://other/hub');
  });

  it('that comes with the hub is valid', () => {
    const env = {
      SALESFORCE_CLIENT_ID: 'a',
      SALESFORCE_CLIENT_SECRET: 'b',
      HUBSPOT_ACCESS_TOKEN: 'c',
      CHATBOT_WEBHOOK_SECRET: 'd',
    };
    const names = (path: string) => Object.keys(loadSettings(resolve(path), env).connections);
    expect(names('config/hub.example.yaml')).toEqual(['salesforce', 'hubspot', 'chatbot']);
    expect(names('config/demo.yaml')).toEqual(['salesforce', 'hubspot', 'chatbot']);
  });
});

describe('the example of a configuration', () => {
  const example = readFileSync('config/hub.example.yaml', 'utf8');
  it('shows channel rules that the hub takes', () => {
    const channels = /^# channels:[\s\S]*?(?=\n\n)/m.exec(example)?.[0] ?? '';
    const text = channels.replace(/^# ?/gm, '').replace(/ {2,}#.*$/gm, '');
    expect(load(`${connection}\n${text}`).channels?.rules?.[0]?.channel).toBe('Partners');
  });
});

describe('a wrong configuration names the line, what is wrong and what would be right', () => {
  it.each([
    [
      'an unknown key',
      `${connection}\nserverr: 1`,
      '2: serverr: there is no such setting. Did you mean "server"?',
    ],
    [
      'an unknown key of a connection',
      'connections:\n  crm:\n    connector: hubspot\n    write: on',
      '4: connections.crm.write: there is no such setting. Did you mean "writes"?',
    ],
    ['a wrong type', `log: 5\n${connection}`, '1: log: Invalid option: expected one of "debug"'],
    ['a wrong port', `${connection}\nserver:\n  port: 99999`, '3: server.port: Too big'],
    [
      'a short key',
      `${connection}\nserver: { apiKey: abc }`,
      '2: server.apiKey: Too small: expected string to have >=16',
    ],
    [
      'a wrong schedule',
      'connections:\n  crm:\n    connector: hubspot\n    schedule: "99 * * * *"',
      '4: connections.crm.schedule: is not a cron expression',
    ],
    [
      'a word that is not a switch',
      'connections:\n  crm:\n    connector: hubspot\n    writes: yes',
      '4: connections.crm.writes: Invalid option: expected one of "on"|"off", or expected a map of names',
    ],
    [
      'a name that is none',
      'connections:\n  CRM: { connector: hubspot }',
      '2: connections.CRM: the name should have lower-case',
    ],
    [
      'a database of another kind',
      `database: mysql://x\n${connection}`,
      '1: database: is not a PostgreSQL address. For more',
    ],
    ['nothing at all', '', '1: connections: is missing. The connected systems'],
    [
      'a variable that is not set',
      `connections:\n  crm:\n    connector: \${WHO}`,
      '3: The environment variable WHO is not set. Set WHO',
    ],
    ['broken YAML', 'a: [1\nb: 2', '2: This is not valid YAML: Flow sequence'],
    ['an alias without an anchor', 'a: *b', '1: This is not valid YAML: Unresolved alias'],
  ])('%s', (_, text, words) => {
    expect(complaints(text).join('\n')).toContain(words);
  });

  it('broken YAML, once: what the parser says after that follows from it', () => {
    const text = readFileSync('config/hub.example.yaml', 'utf8').replace('connections:', 'connections: [');
    expect(complaints(text)).toHaveLength(1);
  });

  it('all of it at once', () => {
    expect(complaints(`log: 5\nserverr: 1\n${connection}\ndefaultCurrency: usd`)).toHaveLength(3);
    expect(complaints(`connections: { a: { connector: "\${A}" }, b: { connector: "\${B}" } }`)).toHaveLength(
      2,
    );
  });

  it('without repeating a secret', () => {
    const text = `${connection}\nserver: { apiKey: "\${KEY}" }\ndatabase: "\${DB}"`;
    const said = complaints(text, { KEY: 'short-secret', DB: 'mysql://u:pass-word@h' }).join('\n');
    expect(said).toContain('server.apiKey');
    expect(said).not.toMatch(/short-secret|pass-word/);
  });

  it('that is not there', () => {
    expect(() => loadSettings(join(folder, 'config/none.yaml'), {})).toThrow(/cannot be read/);
  });
});
