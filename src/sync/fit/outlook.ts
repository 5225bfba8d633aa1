/** What a promotion would mean: for deals, and for the CRMs that show their credit. Changes nothing. */
import { isChatCredit } from '../../canonical/chat-credit.ts';
import type { Entity } from '../../canonical/model.ts';
import { writesOn } from '../../settings/schema.ts';
import { type CreditedDeal, creditDeals } from '../attribute/credits.ts';
import type { Hub } from '../hub.ts';
import { storedFit } from './compare.ts';

export interface Outlook {
  readonly deals: number;
  /** Deals whose written credit would be another: their number, and of those whose share moves by a point or more. */
  readonly changed: number;
  readonly moved: number;
  readonly pushes: readonly PushOutlook[];
}

export interface PushOutlook {
  readonly connection: string;
  readonly object: string;
  readonly records: number;
  /** At most so many of them would be written. */
  readonly changed: number;
  /** Whether that is more than a push does without asking. */
  readonly asks: boolean;
}

const batchSize = 500;
const onePoint = 0.01;

/** Throws a `usage` Problem for a version that is unknown. */
export async function outlookOf(hub: Hub, version: string): Promise<Outlook> {
  const { model } = await storedFit(hub, version);
  const { settings, fits } = (await hub.models.current()).standing;
  const models = await hub.models.again({ settings, fits: { ...fits, [model]: version } });
  const counts = { deals: 0, changed: 0, moved: 0 };
  for (let after: string | null = null; ; ) {
    hub.signal.throwIfAborted();
    const deals: Entity[] = await hub.store.entities.scan('Deal', after, batchSize);
    const last = deals.at(-1);
    if (!last) return { ...counts, pushes: await pushesOf(hub, counts.changed) };
    const ids = deals.filter(({ withdrawn }) => !withdrawn).map(({ id }) => id);
    for (const credited of await creditDeals(hub, models, ids)) {
      counts.deals += 1;
      counts.changed += Number(shown(credited, 'run') !== shown(credited.entity, 'run'));
      counts.moved += Number(moves(credited));
    }
    after = last.id;
  }
}

function shown(of: Pick<Entity, 'fields'> | undefined, name: 'share' | 'run'): unknown {
  return of?.fields[`chatCredit.${name}`] ?? null;
}

function moves(credited: CreditedDeal): boolean {
  const [before, after] = [Number(shown(credited.entity, 'share')), Number(shown(credited, 'share'))];
  return Math.abs(after - before) >= onePoint;
}

/** Of the objects that show credit and are written to. */
async function pushesOf(hub: Hub, changed: number): Promise<PushOutlook[]> {
  const { maxShare, minRecords } = hub.settings.safety;
  const pushes: PushOutlook[] = [];
  for (const system of hub.systems.values()) {
    const counts = await hub.store.landing.counts(system.name);
    for (const [object, { entity, fields }] of Object.entries(system.mapping.objects)) {
      const shows = fields.some((field) => field.pushes && isChatCredit(field.canonical));
      const records = counts[object] ?? 0;
      if (entity !== 'Deal' || !shows || records === 0 || !writesOn(system.settings, object)) continue;
      const own = Math.min(changed, records);
      const asks = own >= minRecords && own / records > maxShare;
      pushes.push({ connection: system.name, object, records, changed: own, asks });
    }
  }
  return pushes;
}
