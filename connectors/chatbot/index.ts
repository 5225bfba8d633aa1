/** A chatbot that speaks the hub's own format, `docs/chat-events.md`. The only source of what it sends; no sink. */
import type { Connector } from '../../src/connector/contract.ts';
import { auth, checkAccount, fault, limits } from './api.ts';
import { parseBatch, parseLine } from './batch.ts';
import { type ChatbotConfig, chatbotConfig } from './config.ts';
import { eventObject } from './event.ts';
import { events } from './pull.ts';
import { verify } from './signature.ts';

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
  webhooks: { verify, parse: (_, request) => parseBatch(request.body) },
  files: { parseLine },
};
