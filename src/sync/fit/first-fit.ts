/**
 * The first fit of a hub, as soon as everything has been read once: its first credit then comes from data, and is not
 * written by a rule on the first day and once more after the first night.
 */

import { messageOf } from '../../support/error-text.ts';
import { wantedKinds } from '../attribute/models.ts';
import type { Hub } from '../hub.ts';
import { firstReads } from '../pull/first-read.ts';
import { refit, refittedAt } from './refit.ts';

/** `elsewhere`: another process is at it, and credit is about to change. */
export type FirstFit = 'not due' | 'done' | 'elsewhere';

/** Nothing more to do, or it failed here: then the schedule tries again, and writing goes on. */
const settled = new WeakSet<Hub>();

export async function firstFit(hub: Hub): Promise<FirstFit> {
  if (settled.has(hub)) return 'not due';
  if (!isWanted(hub) || (await refittedAt(hub)) !== null) {
    settled.add(hub);
    return 'not due';
  }
  if ((await firstReads(hub)).length > 0) return 'not due';
  try {
    const models = await refit(hub, { due: 0 });
    if (models === null && (await refittedAt(hub)) === null) return 'elsewhere';
    for (const { model, version, why } of models ?? []) hub.log.info({ model, version }, why);
    return 'done';
  } catch (error) {
    hub.signal.throwIfAborted();
    settled.add(hub);
    hub.log.error({ error: messageOf(error) }, 'the first fit failed');
    return 'not due';
  }
}

function isWanted({ settings: { attribution } }: Hub): boolean {
  const { refit: schedule, creditModel } = attribution;
  return schedule !== 'off' && wantedKinds(attribution).some(({ id }) => id === creditModel);
}
