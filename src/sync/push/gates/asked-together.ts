/**
 * A deal that is in several CRMs tells one number in all of them. Where one of them asks before so many deals are told
 * another credit, the others ask with it, however few of the deals they have.
 */
import { isChatCredit } from '../../../canonical/chat-credit.ts';
import type { Entity } from '../../../canonical/model.ts';
import type { CompiledField } from '../../../mapping/language/compiled.ts';
import { writesOn } from '../../../settings/schema.ts';
import type { Claim, ParkedReason } from '../../../store/contract/work.ts';
import type { Hub, System } from '../../hub.ts';
import { entityOfKey, pushKey, pushPrefix } from '../../targets.ts';
import type { WriteDecision } from '../judge.ts';
import { ownObjects } from '../plan/known.ts';
import { tellsCredit } from '../plan/one-number.ts';
import type { PlannedWrite } from '../plan/plan.ts';
import { asksFirstCode, isTooMuch, togetherCode } from './safety.ts';

/** How long the others wait for one to find out whether it asks, and how often: it may be down. */
const waitMs = 1_000;
const mostWaits = 3;

/** `writes` were planned of `entities`, which were claimed. */
export async function askedTogether(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
  entities: readonly Entity[],
  claims: readonly Claim[],
): Promise<Map<PlannedWrite, WriteDecision>> {
  const decisions = new Map<PlannedWrite, WriteDecision>();
  const attempts = new Map(claims.map((claim) => [entityOfKey(claim.key), claim.attempts]));
  for (const { other, both, asked, toAsk } of await others(hub, system, writes, entities))
    for (const write of both) {
      const key = pushKey(other, 'Deal', write.entity.id);
      const tries = attempts.get(write.entity.id) ?? 0;
      if (asked.has(key)) decisions.set(write, { kind: 'park', reason: reasonOf(other) });
      else if (toAsk.has(key) && tries < mostWaits)
        decisions.set(write, { kind: 'later', wait: () => waitMs });
    }
  return decisions;
}

/** Writes that would wait for another system to be allowed the same, each with that system's name: for a plan. */
export async function asksWith(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
  entities: readonly Entity[],
): Promise<Map<PlannedWrite, string>> {
  const found = new Map<PlannedWrite, string>();
  for (const { other, both, asked, toAsk } of await others(hub, system, writes, entities))
    for (const write of both) {
      const key = pushKey(other, 'Deal', write.entity.id);
      if (asked.has(key) || toAsk.has(key)) found.set(write, other.name);
    }
  return found;
}

interface Other {
  readonly other: System;
  /** Credit of deals that both systems tell. */
  readonly both: readonly PlannedWrite[];
  /** Keys of stage 5 of which the other system has asked, and of which it is going to ask. */
  readonly asked: ReadonlySet<string>;
  readonly toAsk: ReadonlySet<string>;
}

async function others(
  hub: Hub,
  system: System,
  writes: readonly PlannedWrite[],
  entities: readonly Entity[],
): Promise<Other[]> {
  const credits = writes.filter(({ entity, fields }) => entity.kind === 'Deal' && fields.some(tellsCredit));
  if (credits.length === 0) return [];
  const share = credits.length / entities.filter((one) => isToldBy(system, one)).length;
  const found: Other[] = [];
  for (const other of hub.systems.values()) {
    if (other === system) continue;
    const both = credits.filter(({ entity }) => isToldBy(other, entity));
    // In this order: what is decided meanwhile is seen at one of the two looks, or at both.
    const waiting = await hub.store.work.count('push', pushPrefix(other, 'Deal'));
    const dirty = await dirtyIn(hub, other, both);
    const asked = await askedBy(hub, other);
    const expected = Math.round(share * (waiting + asked.size));
    const toAsk = (await willAsk(hub, other, expected)) ? new Set(dirty.keys()) : new Set<string>();
    found.push({ other, both, asked, toAsk });
  }
  return found;
}

/** Whether the system has a record of the deal to which its credit is written. */
function isToldBy(system: System, deal: Entity): boolean {
  const own = ownObjects(deal, system.name);
  return toldObjects(system).some((object) => own.has(object));
}

function toldObjects({ mapping, settings }: System): string[] {
  return Object.values(mapping.objects)
    .filter(({ object, fields }) => writesOn(settings, object) && fields.some(isCredit))
    .map(({ object }) => object);
}

function isCredit({ canonical, pushes }: CompiledField): boolean {
  return pushes && isChatCredit(canonical);
}

async function askedBy({ store }: Hub, system: System): Promise<Set<string>> {
  const parked = await store.work.parked({ stage: 'push', prefix: pushPrefix(system, 'Deal') });
  return new Set(parked.filter(({ reason }) => reason.code === asksFirstCode).map(({ key }) => key));
}

/** Deals that the other system has not looked at yet, or is just looking at. */
async function dirtyIn(
  { store }: Hub,
  other: System,
  writes: readonly PlannedWrite[],
): Promise<ReadonlyMap<string, unknown>> {
  return store.work.dirty(
    'push',
    writes.map(({ entity }) => pushKey(other, 'Deal', entity.id)),
  );
}

/** Whether it is going to ask; `expected`: how many of its deals change, if as many do as here. */
async function willAsk(hub: Hub, other: System, expected: number): Promise<boolean> {
  const live = await hub.store.landing.counts(other.name);
  return toldObjects(other).some((object) => isTooMuch(hub, expected, live[object] ?? 0));
}

function reasonOf({ name }: System): ParkedReason {
  const message =
    `The credit of this deal waits in ${name} to be allowed, and waits here with it, so that both tell one number. ` +
    `Look with \`hub plan ${name}\`, then allow it with \`hub push --yes\`.`;
  return { code: togetherCode, message };
}
