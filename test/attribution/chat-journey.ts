/** Journeys of deals told by channel and age. */
import type { Journey } from '../../src/attribution/model.ts';

const dayMs = 86_400_000;

/** @param touches of one person: channel, and days before `end` (ms) */
export function journeyTo(
  end: number,
  touches: readonly (readonly [channel: string, age: number])[],
  covariates?: Readonly<Record<string, number>>,
): Journey {
  return {
    touches: touches.map(([channel, age], index) => ({
      eventId: `e${index}`,
      time: end - age * dayMs,
      channel,
      type: 'touch.chat',
      person: 'p1',
    })),
    conversionTime: end,
    converted: true,
    milestones: {},
    ...(covariates ? { covariates } : {}),
  };
}
