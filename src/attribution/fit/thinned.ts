/** Few people who speak for all: everybody who converted, and of the others enough. */
import type { Observations } from '../hazard/observations.ts';

export interface Speaker {
  readonly person: number;
  /** How many people they speak for. */
  readonly weight: number;
}

/** Of those who did not convert, about `most`, evenly taken. */
export function speakersOf({ converted, end }: Observations, most: number): Speaker[] {
  const others = converted.reduce((sum, one) => sum + (1 - one), 0);
  const step = Math.max(1, Math.ceil(others / most));
  const taken = Math.ceil(others / step);
  const speakers: Speaker[] = [];
  let seen = 0;
  for (let person = 0; person < end.length; person += 1) {
    if (converted[person] === 1) speakers.push({ person, weight: 1 });
    else {
      if (seen % step === 0) speakers.push({ person, weight: others / taken });
      seen += 1;
    }
  }
  return speakers;
}
