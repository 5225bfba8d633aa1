/** What `attribution:` may say of touches: how long a visit is, who is left out, whose chats are the chatbot's. */
import { z } from 'zod';

/** What user agents of crawlers, monitors, previews and browsers without a person have in them. */
const knownBots = [
  ...['bot', 'crawl', 'spider', 'slurp', 'headless', 'phantomjs', 'puppeteer', 'playwright', 'selenium'],
  ...['lighthouse', 'pingdom', 'uptime', 'statuscake', 'facebookexternalhit', 'embedly', 'preview'],
  ...['curl/', 'wget/', 'python-requests', 'python-urllib', 'go-http-client'],
];

const leaveOutSchema = z.strictObject({
  employees: z
    .array(z.string().min(3))
    .default([])
    .meta({
      help: 'Your own people: domains (with their subdomains) and single addresses. Their touches are nobody’s.',
      example: ['acme.example', 'jo@partner.example'],
    }),
  bots: z
    .array(z.string().min(2))
    .default(knownBots)
    .meta({ help: 'Words in the user agents of visitors that are no people.', example: ['bot', 'headless'] }),
  testAddresses: z
    .array(z.string().min(3))
    .default(['test@*', '*+test@*', '*.test', '*.invalid'])
    .meta({ help: 'Addresses of people who only try things out; * is anything.', example: ['*@qa.example'] }),
  testUtm: z
    .array(z.string().min(1))
    .default(['test'])
    .meta({ help: 'Values of utm_source, utm_medium or utm_campaign that mark a test.', example: ['test'] }),
});

export const touchSettings = {
  visitMinutes: z
    .number()
    .positive()
    .max(1440)
    .default(30)
    .meta({ help: 'Nothing for so long ends a visit. A visit is at most one arrival and one chat.' }),
  salesTouches: z.enum(['count', 'apart', 'leave out']).default('count').meta({
    help: 'Calls, meetings and mails by staff: count like other touches, stand apart without credit, or are left out.',
  }),
  chat: z
    .array(z.string())
    .optional()
    .meta({
      help: 'The connections whose chats are the chatbot’s; default: all. Chats of others are the channel Live Chat.',
      example: ['chatbot'],
    }),
  leaveOut: leaveOutSchema.prefault({}),
};
