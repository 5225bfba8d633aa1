/** Fields whose value was settled by an order, because nobody knows which of several came last. */

import type { Entity } from '../../canonical/model.ts';
import { contributionName } from '../../canonical/names.ts';
import { foldEntity, type Undecided } from '../../mapping/folding/fold.ts';
import type { Hub } from '../hub.ts';
import { orderOf, rulesOf } from '../rules.ts';

/** An entity has a handful of records; a shared key that ties more than this together tells nothing here. */
const componentLimit = 200;

/** By entity id; entities without such fields are left out. Reads the store, asks no vendor. */
export async function undecidedOf(
  hub: Hub,
  entities: readonly Entity[],
): Promise<Map<string, readonly Undecided[]>> {
  const several = entities.filter(({ members }) => members.length > 1);
  const entityOf = new Map(several.flatMap(({ id, members }) => members.map((member) => [member, id])));
  const components = await hub.store.facts.components([...entityOf.keys()], componentLimit);
  const contributions = Map.groupBy(
    components.flatMap((component) => component.contributions),
    (contribution) => entityOf.get(contributionName(contribution)) ?? '',
  );
  const found = several.map(({ id }): [string, readonly Undecided[]] => [
    id,
    foldEntity(contributions.get(id) ?? [], rulesOf(hub), orderOf(hub)).undecided,
  ]);
  return new Map(found.filter(([, undecided]) => undecided.length > 0));
}
