import type { Page } from '../../../src/connector/contract/reading.ts';
import { toy } from '../toy/connector.ts';
import { type Defect, pulling } from './sabotage.ts';
import { creatingBlindly } from './writing.ts';

const reading = 'a storm of faults and kills loses no record';
const writing = 'a storm of faults leaves one record for each write';

export const stormDefects: readonly Defect[] = [
  {
    name: 'moves its checkpoint before the page',
    toy: pulling(toy, async function* (pull, ...input) {
      let waiting: Page | undefined;
      for await (const page of pull(...input)) {
        if (waiting) yield { ...waiting, checkpoint: page.checkpoint };
        waiting = page;
      }
      if (waiting) yield waiting;
    }),
    caughtBy: [reading],
  },
  { name: 'creates blindly', toy: creatingBlindly(), caughtBy: [writing] },
];
