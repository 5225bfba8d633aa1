/** Who chatted, for the reasons on a deal: names and roles of those alone whom a reason may name. */
import type { Entity } from '../../canonical/model.ts';
import type { People } from '../../credit/story.ts';
import type { DealJourney } from '../../journey/build.ts';
import type { DealFacts } from '../../store/contract/entities.ts';

/** Their role in the deal, else in their company; who told no name is not among them. */
export function chatters(
  { journey }: DealJourney,
  roles: DealFacts['people'],
  people: ReadonlyMap<string, Entity>,
): People {
  const ids = new Set(journey.touches.flatMap((touch) => (touch.type === 'touch.chat' ? touch.person : [])));
  const roleOf = new Map(roles.map(({ id, role }) => [id, role]));
  return Object.fromEntries(
    [...ids].sort().flatMap((id) => {
      const fields = people.get(id)?.fields ?? {};
      const name = [fields.firstName, fields.lastName].filter(isText).join(' ') || fields.email;
      if (!isText(name)) return [];
      const title = isText(fields.title) ? fields.title : null;
      return [[id, { name, role: roleOf.get(id) ?? title }]];
    }),
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}
