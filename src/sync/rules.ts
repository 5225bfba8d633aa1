/** The fold's questions, answered from the mappings of the connected systems. */
import type { RulesOf } from '../mapping/fold.ts';
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
