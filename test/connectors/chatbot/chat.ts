/** What the chatbot's tests share: a signer after docs/chat-events.md, events, an opened connection. */
import { createHmac } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { ChatbotConfig } from '../../../connectors/chatbot/config.ts';
import { chatbot } from '../../../connectors/chatbot/index.ts';
import { chatbotEmulator } from '../../../emulators/chatbot/index.ts';
import type { EmulatorOptions, RunningEmulator } from '../../../emulators/loopback/contract.ts';
import { memoryVault } from '../../../src/connector/auth.ts';
import type { Checkpoint, Page, VendorRecord } from '../../../src/connector/contract/reading.ts';
import type { WebhookRequest } from '../../../src/connector/contract/webhooks.ts';
import { type OpenConnection, openConnection } from '../../../src/connector/open.ts';
import { silentLog } from '../../../src/support/log.ts';
import { type RecordingClock, recordingClock } from '../../connector/connection.ts';

export const secret = 'a-secret-for-trying-out';

export const message = {
  id: 'ev_1',
  type: 'message',
  at: '2026-06-30T09:12:08Z',
  sessionId: 'cs_1',
  visitorId: 'v-1',
  from: 'visitor',
  text: 'Hi',
};

export function batchOf(events: readonly unknown[]): string {
  return JSON.stringify({ version: 1, batch: 'b_1', sentAt: '2026-06-30T09:14:01Z', events });
}

export function request(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): WebhookRequest {
  return { method: 'POST', url: 'https://hub.example/webhooks/chat', headers, body: Buffer.from(body) };
}

export function signed(body: string, at: number, key = secret): WebhookRequest {
  const timestamp = String(Math.floor(at / 1_000));
  const hex = createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex');
  return request(body, { 'chat-timestamp': timestamp, 'chat-signature': `v1=${hex}` });
}

export async function startChatbot(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const emulator = await chatbotEmulator.start(options);
  onTestFinished(() => emulator.close());
  return emulator;
}

export interface Opened extends OpenConnection<ChatbotConfig> {
  readonly clock: RecordingClock;
}

export function open(config: unknown): Opened {
  const clock = recordingClock();
  const connection = openConnection(chatbot, {
    connection: 'chat',
    config,
    vault: memoryVault(),
    clock,
    log: silentLog,
    signal: new AbortController().signal,
  });
  return { ...connection, clock };
}

export const events = chatbot.streams?.event ?? unexpected('the chatbot has no stream of events');

export async function pullAll(ctx: Opened, from: Checkpoint | null = null): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of events.pull(ctx, from)) pages.push(page);
  return pages;
}

export function recordsOf(pages: readonly Page[]): VendorRecord[] {
  return pages.flatMap((page) => page.records);
}

export function idsOf(records: readonly VendorRecord[]): string[] {
  return records.map((record) => record.id);
}

function unexpected(what: string): never {
  throw new Error(what);
}

/** What senders have for ids. */
export const strangeIds: readonly (string | number)[] = [
  ...[
    'e@x',
    'ada+chat@x.example',
    'a b',
    'a/b?c=d#e',
    'urn:x|y',
    '100%',
    '~tilde',
    "o'hara",
    'é',
    '会话-1',
    '🎉',
    '{}',
  ],
  ...[
    'a\u0000b',
    'line\nbreak',
    '\u202Eback',
    'half\ud800',
    4711,
    -1,
    1.5,
    'x'.repeat(300),
    `${'y'.repeat(4_000)}z`,
  ],
];
