/** What folding and resolving ask of the configuration: rules of fields, the order of connections, limits of keys. */
import { defaultLimits, type Limits } from '../canonical/pairs.ts';
import type { RulesOf } from '../mapping/folding/fold.ts';
import type { Hub } from './hub.ts';

export function rulesOf(hub: Hub): RulesOf {
  return ({ connection, object }, canonical) =>
    hub.systems
      .get(connection)
      ?.mapping.objects[object]?.fields.find((field) => field.canonical === canonical && field.pulls);
}

/** Connections, the most trusted first: as the configuration lists them. */
export function orderOf(hub: Hub): string[] {
  return [...hub.systems.keys()];
}

/** How many people may share a key of each kind. */
export function limitsOf({ settings }: Hub): Limits {
  return { ...defaultLimits, ...settings.identity.limits };
}
