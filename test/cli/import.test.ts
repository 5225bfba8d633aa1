/** Chat history from a file. */
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { directory, type Given, hub, hubJson, root } from './hub.ts';

const config = `
data: data
mappings: ${join(root, 'mappings')}
log: error
connections:
  chatbot:
    connector: chatbot
    config: { webhookSecret: 0123456789abcdef0123 }
`;

interface Status {
  readonly entities: Readonly<Record<string, number>>;
}

interface Imported {
  readonly lines: number;
  readonly changed: number;
  readonly before: number;
}

/** The nth event; five make a session. */
function event(n: number): string {
  const session = Math.floor(n / 5);
  const kinds = [
    { type: 'session.started', landingPage: 'https://www.example.com/?utm_source=news' },
    { type: 'message', from: 'visitor', text: `line ${n}` },
    { type: 'identified', email: `visitor${session}@example.com` },
    { type: 'intent', name: 'price' },
    { type: 'session.ended', messages: 1 },
  ];
  const at = new Date(Date.UTC(2026, 0, 1) + n * 1_000).toISOString();
  return JSON.stringify({
    id: `e${n}`,
    at,
    sessionId: `s${session}`,
    visitorId: `v${session}`,
    ...kinds[n % 5],
  });
}

function place(lines: readonly string[]): Given & { readonly cwd: string } {
  return { cwd: directory({ 'config/hub.yaml': config, 'chat.ndjson': `${lines.join('\n')}\n` }) };
}

const importChat = ['import', 'chat', 'chat.ndjson'];

describe('import chat', () => {
  it('takes each event once, however often the file is imported, and says nothing but its counts', async () => {
    const given = place(Array.from({ length: 50 }, (_, n) => event(n)));
    const first = await hubJson<Imported>(importChat, given);
    const again = await hubJson<Imported>(importChat, given);
    expect([first.code, first.stderr]).toEqual([0, '']);
    expect(first.value).toMatchObject({ lines: 50, changed: 50, before: 0 });
    expect(again.value).toMatchObject({ lines: 50, changed: 0, before: 0 });
    const { value } = await hubJson<{ entities: { Person: number } }>(['status'], given);
    expect(value.entities.Person).toBe(10);
  });

  it('names the line that is torn, and goes on there when it is mended', async () => {
    const lines = Array.from({ length: 2_600 }, (_, n) => event(n));
    const torn = [...lines.slice(0, 2_500), '{"id":"e2500","type":"mess', ...lines.slice(2_501)];
    const given = place(torn);
    const refused = await hub(importChat, given);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^chat\.ndjson:2501: .*Mend the line and import the file again/);
    writeFileSync(join(given.cwd, 'chat.ndjson'), lines.join('\n'));
    const mended = await hubJson<Imported>(importChat, given);
    expect(mended.value).toMatchObject({ lines: 2_600, changed: 600, before: 2_000 });
  });

  it('takes nothing of a file that is not UTF-8, and names line and byte', async () => {
    const given = place([]);
    const lines = Buffer.from(`${Array.from({ length: 1_200 }, (_, n) => event(n)).join('\n')}\n`);
    const latin = Buffer.from('{"id":"x","type":"goal","name":"M\xfcnze"}\n', 'latin1');
    writeFileSync(join(given.cwd, 'chat.ndjson'), Buffer.concat([lines, latin]));
    const { code, stderr } = await hub(importChat, given);
    const at = lines.length + latin.indexOf(0xfc) + 1;
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`chat.ndjson:1201: The line is not UTF-8: byte ${at} of the file is 0xFC.`),
    ]);
    expect((await hubJson<Status>(['status'], given)).value.entities.Person ?? 0).toBe(0);
  });

  it.each([
    ['UTF-16', Buffer.from(`\ufeff${event(1)}`, 'utf16le')],
    ['UTF-16', Buffer.from(event(1), 'utf16le')],
    ['packed with gzip', gzipSync(event(1))],
    ['an Excel workbook', Buffer.from('PK\x03\x04\x14\0\x06\0[Content_Types].xml', 'latin1')],
  ])('names a file for what it is: %s', async (is, bytes) => {
    const given = place([]);
    writeFileSync(join(given.cwd, 'chat.ndjson'), bytes);
    const { code, stderr } = await hub(importChat, given);
    expect([code, stderr]).toEqual([2, expect.stringContaining(`chat.ndjson: The file is ${is}.`)]);
  });

  it('lets a mended file count instead of what the wrong one left, also of its times and people', async () => {
    const said = (email: string, at: string, id = 'q1') =>
      JSON.stringify({ id, type: 'identified', at, sessionId: `s${id}`, visitorId: `v${id}`, email });
    const given = place([
      said('wrong@a.example', '2026-07-30T12:00:00Z'),
      said('b@a.example', '2026-06-01T00:00:00Z', 'q2'),
    ]);
    await hub(importChat, given);
    const mended = [
      said('right@a.example', '2026-06-30T12:00:00Z'),
      said('b@a.example', '2026-06-01T00:00:00Z', 'q2'),
    ];
    writeFileSync(join(given.cwd, 'chat.ndjson'), mended.join('\n'));
    const { value, code } = await hubJson<Imported>(importChat, given);
    expect(code).toBe(0);
    expect(value).toMatchObject({ lines: 2, added: 0, replaced: 1, changed: 1, unchanged: 1 });
    const preview = (await hub(['preview', 'chatbot', 'q1'], given)).stdout;
    expect(preview).toContain('right@a.example');
    expect(preview).not.toMatch(/wrong@a\.example|2026-07-30/);
    expect((await hubJson<Status>(['status'], given)).value.entities.Person).toBe(2);
    expect((await hub(importChat, given)).stdout).toContain(
      '2 lines, 0 events that were new, 2 that changed nothing',
    );
  });

  it('leaves out wrong lines when it is told to, and names every one', async () => {
    const given = place([]);
    const bytes = [
      event(1),
      'torn',
      event(2),
      event(3).replace('T00:00:03.000Z', ''),
      '{"id":"M\xfcnze"}',
      event(4),
    ];
    writeFileSync(join(given.cwd, 'chat.ndjson'), Buffer.from(bytes.join('\n'), 'latin1'));
    const { code, value, stderr } = await hubJson<Imported>([...importChat, '--skip-bad'], given);
    expect(code).toBe(5);
    expect(value).toMatchObject({ lines: 6, added: 3, skipped: 3 });
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^chat\.ndjson:2: .*not JSON/),
      expect.stringMatching(/^chat\.ndjson:4: at: expected an ISO 8601 time with zone/),
      expect.stringMatching(/^chat\.ndjson:5: The line is not UTF-8/),
    ]);
  });

  it('starts again when what it has read before has changed', async () => {
    const lines = Array.from({ length: 1_100 }, (_, n) => event(n));
    const given = place([...lines, 'torn']);
    await hub(importChat, given);
    writeFileSync(join(given.cwd, 'chat.ndjson'), [event(5_000), ...lines].join('\n'));
    const { value } = await hubJson<Imported>(importChat, given);
    expect(value).toMatchObject({ lines: 1_101, before: 0, changed: 101 });
  });

  it('reads a file that is larger than the memory it may use', async () => {
    const given = place([]);
    const file = createWriteStream(join(given.cwd, 'chat.ndjson'));
    const fat = 'x'.repeat(8_000);
    for (let n = 0; n < 30_000; n += 1) file.write(`${event(n).replace('{', `{"note":"${fat}",`)}\n`);
    file.end();
    await finished(file);
    expect(readFileSync(join(given.cwd, 'chat.ndjson')).length).toBeGreaterThan(200_000_000);
    // Half of it is enough; a file that is read whole would need more than all of it.
    const env = { NODE_OPTIONS: '--max-old-space-size=144' };
    const { code, value } = await hubJson<Imported>(importChat, { ...given, env });
    expect(code).toBe(0);
    expect(value).toMatchObject({ lines: 30_000, changed: 30_000 });
  });

  it.each([
    ['a file that is not there', ['import', 'chat', 'nope.ndjson'], 'nope.ndjson: The file cannot be read'],
    ['a folder', ['import', 'chat', 'config'], 'config: The file cannot be read'],
    ['an unknown target', ['import', 'chatt', 'chat.ndjson'], 'Did you mean "chat"?'],
  ])('%s: exit code 2', async (_, args, words) => {
    const { code, stderr } = await hub(args, place([event(1)]));
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });
});
