/** Kinds of association between two types of record; each direction has an id of its own. */
export interface AssociationType {
  readonly from: string;
  readonly to: string;
  readonly typeId: number;
  readonly category: 'HUBSPOT_DEFINED' | 'USER_DEFINED';
  readonly label: string | null;
  /** Type id of the same association seen from the other side. */
  readonly inverse: number;
}

type Pair = readonly [from: string, to: string, there: number, back: number, label?: string];

/** Ids as in the enum `AssociationTypes` of @hubspot/api-client. */
const pairs: readonly Pair[] = [
  ['contacts', 'companies', 1, 2, 'Primary'],
  ['contacts', 'companies', 279, 280],
  ['deals', 'companies', 5, 6, 'Primary'],
  ['deals', 'companies', 341, 342],
  ['deals', 'contacts', 3, 4],
  ['contacts', 'tickets', 15, 16],
  ['tickets', 'companies', 26, 25, 'Primary'],
  ['tickets', 'companies', 339, 340],
  ['deals', 'tickets', 27, 28],
  ['contacts', 'calls', 193, 194],
  ['contacts', 'emails', 197, 198],
  ['contacts', 'meetings', 199, 200],
  ['deals', 'calls', 205, 206],
  ['deals', 'emails', 209, 210],
  ['deals', 'meetings', 211, 212],
  ['contacts', 'contacts', 449, 449],
  ['companies', 'companies', 450, 450],
  ['deals', 'deals', 451, 451],
  ['tickets', 'tickets', 452, 452],
];

export function standardAssociationTypes(): AssociationType[] {
  return pairs.flatMap(([from, to, there, back, label]) =>
    bothWays({ from, to, typeId: there, inverse: back, category: 'HUBSPOT_DEFINED', label: label ?? null }),
  );
}

export function bothWays(type: AssociationType): AssociationType[] {
  const { from, to, typeId, inverse } = type;
  const back = { ...type, from: to, to: from, typeId: inverse, inverse: typeId };
  return typeId === inverse && from === to ? [type] : [type, back];
}
