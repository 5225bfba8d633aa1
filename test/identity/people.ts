/** Short ways to say who is in a CRM and what was said in a chat. */

import type { Contribution, IdentityKey } from '../../src/canonical/model.ts';
import { contributionName } from '../../src/canonical/names.ts';
import { inOrder, type Pairing } from '../../src/canonical/pairs.ts';
import { type Memory, noMemory } from '../../src/identity/memory.ts';
import type { Resolution } from '../../src/identity/resolution.ts';
import { resolve } from '../../src/identity/resolve.ts';

type Keys = Partial<Record<IdentityKey['kind'], string | readonly string[]>>;

interface Told extends Keys {
  /** `First Last` */
  readonly name?: string;
  readonly at?: number;
  readonly withdrawn?: boolean;
}

const objects: Readonly<Record<string, string>> = { sf: 'Contact', hs: 'contacts', chat: 'event' };

/** A record of a CRM (`sf:1`), or what was said in a chat (`chat:1`). */
export function person(id: string, { name, at = 1_000, withdrawn = false, ...keys }: Told): Contribution {
  const [connection = '', local = ''] = id.split(':');
  const object = objects[connection] ?? 'Contact';
  const [first, ...last] = (name ?? '').split(' ');
  const fields = last.length > 0 ? { firstName: first, lastName: last.join(' ') } : { lastName: name };
  return {
    ref: { connection, object, id: local },
    kind: 'Person',
    keys: [{ kind: 'id', value: `${connection}:${object}:${local}` }, ...keysOf(keys)],
    values: Object.fromEntries(
      Object.entries(fields).flatMap(([field, value]) =>
        value === undefined ? [] : [[field, { value, at, exact: true }]],
      ),
    ),
    createdAt: at,
    withdrawn,
    ...(connection === 'chat' ? { statement: true as const } : {}),
  };
}

export function deal(
  id: string,
  more: { names?: string; at?: number; withdrawn?: boolean } = {},
): Contribution {
  const { names, at = 1_000, withdrawn = false } = more;
  const [connection = '', local = ''] = id.split(':');
  const object = connection === 'sf' ? 'Opportunity' : 'deals';
  const own: IdentityKey = { kind: 'id', value: `${connection}:${object}:${local}` };
  const named: IdentityKey[] = names === undefined ? [] : [{ kind: 'id', value: `sf:Opportunity:${names}` }];
  return {
    ref: { connection, object, id: local },
    kind: 'Deal',
    keys: [own, ...named],
    values: {},
    createdAt: at,
    withdrawn,
  };
}

function keysOf(keys: Keys): IdentityKey[] {
  return Object.entries(keys).flatMap(([kind, values]) =>
    [values].flat().map((value) => ({ kind: kind as IdentityKey['kind'], value })),
  );
}

/** Who is one, by short ids: `[['hs:1', 'sf:1'], ['sf:2']]`. */
export function groups({ clusters }: Resolution): string[][] {
  return clusters
    .map(({ contributions }) => contributions.map(({ ref }) => `${ref.connection}:${ref.id}`).sort())
    .sort((a, b) => ((a[0] ?? '') < (b[0] ?? '') ? -1 : 1));
}

export function grouped(contributions: readonly Contribution[], memory: Partial<Memory> = {}): string[][] {
  return groups(resolve(contributions, { ...noMemory, ...memory }));
}

/** Why keys were refused, by key. */
export function refusals(contributions: readonly Contribution[], memory: Partial<Memory> = {}) {
  const { ambiguities } = resolve(contributions, { ...noMemory, ...memory });
  return Object.fromEntries(ambiguities.map(({ key, reason }) => [key, reason]));
}

export function paired(a: Contribution, b: Contribution, key: string, at = 1): Pairing {
  return { ...inOrder(contributionName(a), contributionName(b)), key, at };
}
