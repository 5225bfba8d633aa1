/**
 * Which of an entity's values may be written to one of its records. Never a value whose only source is another
 * record of the same system: the join of the two may have been wrong, and then one customer would be renamed
 * into another. What the hub wrote itself is nobody's word; it only repeats what another record said.
 */

import type {
  CanonicalFields,
  CanonicalValue,
  ContributedValue,
  Contribution,
  Entity,
} from '../../../canonical/model.ts';
import { contributionName, parseRef, recordOf, refText } from '../../../canonical/names.ts';
import { sameCanonical } from '../../../mapping/language/kinds.ts';
import type { FieldMemory } from '../../../store/contract/outbox.ts';
import { externalRefText } from '../../external-ref.ts';
import { ownRefs } from './own-refs.ts';
import type { Told } from './told.ts';

/** What one record says of an entity by itself. */
export interface Witness {
  readonly connection: string;
  readonly values: Readonly<Record<string, CanonicalValue>>;
}

/**
 * By entity id, for entities of which one record's value might reach another of the system: those that have several
 * there, and those of which another system only repeats what the hub had put into it.
 *
 * @param isForgotten whether what was written at a time may be the hub's own, of which it knows no more
 */
export async function witnessesOf(
  told: Told,
  connection: string,
  entities: readonly Entity[],
  hasOtherRecords: (entity: Entity) => boolean,
  isForgotten: (at: number) => boolean = () => false,
): Promise<Map<string, readonly Witness[]>> {
  const [several, single] = [
    entities.filter(hasOtherRecords),
    entities.filter((one) => !hasOtherRecords(one)),
  ];
  const asked = [...several, ...(await withEchoes(told, connection, single))];
  const tellings = await tellingsOf(told, asked);
  return new Map(
    asked.map((entity): [string, Witness[]] => {
      const { id } = entity;
      const { contributions = [], echoes = noEchoes } = tellings.get(id) ?? {};
      const live = contributions.filter(({ withdrawn }) => !withdrawn);
      // With one record there, nobody else's value can reach it; what one that is gone said may live on elsewhere.
      const isOurs = ownRefs(entity, connection).length > 1 ? isForgotten : () => false;
      return [id, live.map((contribution) => witness(contribution, echoes, isOurs))];
    }),
  );
}

/**
 * Entities of which another system's record gives a value that the hub itself had put there. Who said it first may
 * belong to them no more: its address was changed, or an admin has told the two apart.
 */
async function withEchoes(told: Told, connection: string, entities: readonly Entity[]): Promise<Entity[]> {
  const named = entities.map(({ kind, provenance }) => {
    const refs = new Set(Object.values(provenance).map(({ ref }) => ref));
    return [...refs].filter((ref) => parseRef(ref).connection !== connection).map((ref) => `${kind}|${ref}`);
  });
  const said = await told.contributions(named.flat());
  const statements = new Set(said.filter(({ statement }) => statement).map(contributionName));
  const sides = entities.map((entity, index) => {
    const objects = new Set((named[index] ?? []).filter((name) => !statements.has(name)).map(objectOf));
    return { ...entity, members: entity.members.filter((name) => objects.has(objectOf(name))) };
  });
  const tellings = await tellingsOf(told, sides);
  return entities.filter(({ id, fields, provenance }) => {
    const { echoes = noEchoes } = tellings.get(id) ?? {};
    return Object.entries(provenance).some(([name, { ref }]) => {
      const value = fields[name];
      return value !== undefined && echoes(parseRef(ref).connection, name, value);
    });
  });
}

/** `<connection>|<object>` of a member. */
function objectOf(member: string): string {
  const { connection, object } = parseRef(recordOf(member));
  return `${connection}|${object}`;
}

/** Whether the hub itself put the value into a record of the entity in that system. */
type Echoes = (connection: string, field: string, value: CanonicalValue) => boolean;

const noEchoes: Echoes = () => false;

interface Telling {
  readonly contributions: readonly Contribution[];
  /**
   * By system, not by record: where two records were merged, the one that is left has what was written into the
   * other.
   */
  readonly echoes: Echoes;
}

/** By entity id: what its members say, and which of it is what the hub wrote. */
async function tellingsOf(told: Told, entities: readonly Entity[]): Promise<Map<string, Telling>> {
  const said = await told.contributions(entities.flatMap(({ members }) => members));
  const byName = new Map(said.map((one) => [contributionName(one), one]));
  const memories = await told.memories(said.flatMap(writtenAs));
  return new Map(
    entities.map(({ id, members }): [string, Telling] => {
      const contributions = members.flatMap((name) => byName.get(name) ?? []);
      const ours = Map.groupBy(
        contributions.flatMap(writtenAs).flatMap((ref) => memories.get(ref) ?? []),
        ({ ref }) => parseRef(ref).connection,
      );
      const echoes: Echoes = (connection, field, value) =>
        ours.get(connection)?.some((memory) => isEcho(memory, field, value)) ?? false;
      return [id, { contributions, echoes }];
    }),
  );
}

/** The names under which our writes to its record are remembered: what we created it with, under the hub's id. */
function writtenAs({ ref: { connection, object, id }, keys, statement }: Contribution): string[] {
  if (statement) return [];
  const ids = keys.filter(({ kind }) => kind === 'external');
  return [
    refText({ connection, object, id }),
    ...ids.map(({ value }) => externalRefText(connection, object, value)),
  ];
}

function witness(
  { ref: { connection }, values, statement }: Contribution,
  echoes: Echoes,
  isForgotten: (at: number) => boolean,
): Witness {
  const isOwn = ([name, { value, at }]: [string, ContributedValue]) =>
    !echoes(connection, name, value) && (statement === true || !isForgotten(at));
  const own = Object.entries(values).filter(isOwn);
  return { connection, values: Object.fromEntries(own.map(([name, { value }]) => [name, value])) };
}

function isEcho({ status, canonical, value }: FieldMemory, name: string, held: CanonicalValue): boolean {
  return status !== 'overtaken' && canonical === name && sameCanonical(value as CanonicalValue, held);
}

/**
 * The fields that may be written to `target` (text ref; null for a record that is yet to be made). Without
 * witnesses there is no other record of the system that could be a source.
 */
export function vouchedFields(
  { fields, provenance }: Entity,
  connection: string,
  target: string | null,
  witnesses: readonly Witness[] | undefined,
): CanonicalFields {
  if (witnesses === undefined) return fields;
  const others = witnesses.filter((one) => one.connection !== connection);
  const isVouched = ([name, value]: [string, CanonicalValue]) => {
    const source = provenance[name];
    // What the hub computes has no source but all that was read.
    if (source === undefined || source.ref === target) return true;
    return others.some(({ values }) => name in values && sameCanonical(values[name], value));
  };
  return Object.fromEntries(Object.entries(fields).filter(isVouched));
}
