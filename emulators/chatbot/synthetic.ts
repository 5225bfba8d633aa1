/** Made-up events without end, for measuring: the nth one is always the same. */
import type { ToldEvent } from './telling.ts';

const steps = [
  {
    type: 'session.started',
    landingPage: 'https://www.lumenfold.example/pricing?utm_source=google&utm_medium=cpc',
    language: 'en',
  },
  { type: 'message', from: 'visitor', text: 'How much is the Team plan?' },
  { type: 'message', from: 'bot', text: '29 per seat and month.' },
  { type: 'intent', name: 'ask_price', confidence: 0.9, topic: 'pricing' },
  { type: 'session.ended', topic: 'pricing', messages: 2 },
] as const;

/** A thousand sessions come from a thousand visitors; the next thousand sessions from the same ones. */
export function syntheticEvent(index: number, startedAt: number): ToldEvent {
  const session = Math.floor(index / steps.length);
  const at = startedAt + index * 10;
  return {
    at,
    event: {
      id: `syn_${index}`,
      at: new Date(at).toISOString(),
      sessionId: `syn_s_${session}`,
      visitorId: `syn_v_${session % 1_000}`,
      ...steps[index % steps.length],
    },
  };
}

export function syntheticIndex(id: string): number | undefined {
  const digits = /^syn_(\d+)$/.exec(id)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
