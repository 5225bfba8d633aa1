/** How long removal effects take, known before they are begun. */
import { Problem } from '../../support/problem.ts';
import type { Chain } from './chain.ts';
import { isInverted } from './removal.ts';

/** Each channel is taken out once, and each time the whole chain is solved; links per second on an ordinary machine. */
const linksPerSecond = 6e7;

const worthAWordSeconds = 5;
/** Beyond this somebody should rather be told at once. */
const mostSeconds = 120;

/**
 * Says how long the chain will take where that is long, and refuses one that would take too long.
 *
 * @throws Problem above two minutes
 */
export function announceEffort(chain: Chain, say: (text: string) => void): void {
  const seconds = isInverted(chain) ? 0 : secondsOf(chain);
  if (seconds < worthAWordSeconds) return;
  const channels = chain.channels.length.toLocaleString('en-US');
  if (seconds > mostSeconds)
    throw new Problem(
      'failed',
      `There are ${channels} channels: their removal effects would take about ${inWords(seconds)}.`,
      {
        remedy:
          'Give rare channels one name, such as "other", or use shapley, linear or position, which take any number.',
      },
    );
  say(`${channels} channels: this takes about ${inWords(seconds)}.`);
}

function secondsOf({ channels, size, outgoing }: Pick<Chain, 'channels' | 'size' | 'outgoing'>): number {
  return (channels.length * (size + outgoing.states.length)) / linksPerSecond;
}

function inWords(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} seconds`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
