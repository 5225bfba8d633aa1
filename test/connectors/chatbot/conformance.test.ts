import { chatbot } from '../../../connectors/chatbot/index.ts';
import { chatbotEmulator } from '../../../emulators/chatbot/index.ts';
import { connectorConformance } from '../../../src/testing/conformance.ts';

const hour = 3_600_000;

connectorConformance({
  connector: chatbot,
  emulator: chatbotEmulator,
  knobs: { pageSize: 5 },
  signIn: {
    bad: [{ name: 'unknown API key', config: (good) => ({ ...good, apiKey: 'a-key-that-nobody-made' }) }],
    renews: false,
    missing: { knobs: { mayRead: false }, permission: 'events:read' },
  },
  streams: [
    {
      object: 'event',
      record: (n) => ({ type: 'message', from: 'visitor', text: `Question ${n}`, sessionId: `cs_${n}` }),
      perPage: 5,
      idleCalls: 1,
      lateByMs: 24 * hour,
    },
  ],
  webhooks: { object: 'event', windowMs: 300_000 },
  memory: { object: 'event', knobs: { synthetic: 100_000, pageSize: 500 }, records: 100_000 },
});
