/** What an admin fills in for one chatbot. */
import { z } from 'zod';

const secretOf = (label: string, help: string) =>
  z
    .string()
    .min(16, 'expected at least 16 characters')
    .meta({ label, help, example: '32 random bytes, in hex', secret: true });

export const chatbotConfig = z
  .strictObject({
    webhookSecret: secretOf(
      'Webhook secret',
      'Shared with the chatbot, which signs its batches with it. Make one with: openssl rand -hex 32',
    ),
    previousWebhookSecret: secretOf(
      'Previous webhook secret',
      'Accepted as well, while the chatbot is being switched to the new one. Leave empty otherwise.',
    ).optional(),
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .optional()
      .meta({
        label: 'API address',
        help: 'Where the chatbot offers its events for reading, so that a missed webhook is made up for. Leave empty if it only sends webhooks.',
        example: 'https://chat.example.com',
      }),
    apiKey: z.string().min(1).optional().meta({
      label: 'API key',
      help: 'A key of the chatbot with the scope events:read. Goes with the API address.',
      example: 'chat_live_…',
      secret: true,
    }),
  })
  .refine((config) => (config.baseUrl === undefined) === (config.apiKey === undefined), {
    error: 'fill in both baseUrl and apiKey, or neither of them',
    path: ['apiKey'],
  });

export type ChatbotConfig = z.infer<typeof chatbotConfig>;
