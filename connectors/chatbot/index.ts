/** A chatbot that speaks the hub's own format, `docs/chat-events.md`. The only source of what it sends; no sink. */
import type { Connector } from '../../src/connector/contract/connector.ts';
import { type ChatbotConfig, chatbotConfig } from './config.ts';
import { parseBatch, parseLine } from './read/batch.ts';
import { eventObject } from './read/event.ts';
import { events } from './read/pull.ts';
import { auth, checkAccount, fault, limits } from './wire/api.ts';
import { mostBytes } from './wire/schema.ts';
import { admit, verify } from './wire/signature.ts';

export const chatbot: Connector<ChatbotConfig> = {
  id: 'chatbot',
  title: 'Chatbot',
  config: chatbotConfig,
  auth,
  limits: () => limits,
  baseUrl: (config) => config.baseUrl ?? 'https://no-api.invalid',
  fault,
  check: checkAccount,
  streams: { [eventObject]: events },
  webhooks: { maxBytes: mostBytes, admit, verify, parse: (_, request) => parseBatch(request.body) },
  files: { parseLine },
};
