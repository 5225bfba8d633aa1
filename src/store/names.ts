import type { EntityKind, Link } from '../canonical/model.ts';

/** `<entity kind>|<key kind>:<value>`: only contributions of one kind meet. */
export function keyName(kind: EntityKind, text: string): string {
  return `${kind}|${text}`;
}

/** A key, and the kinds of entity that it may lead to. */
export interface Pointer {
  readonly key: string;
  readonly kinds: readonly EntityKind[];
}

type Ends = readonly [from: readonly EntityKind[], to: readonly EntityKind[]];

export const linkEnds: Readonly<Record<Link['relation'], Ends>> = {
  'deal-person': [['Deal'], ['Person']],
  'person-organization': [['Person'], ['Organization']],
  'deal-organization': [['Deal'], ['Organization']],
  'deal-account': [['Deal'], ['Organization', 'Person']],
  'campaign-person': [['Campaign'], ['Person']],
  'touch-deal': [['Conversation', 'ChatTouch'], ['Deal']],
};

export const subjectKinds: readonly EntityKind[] = ['Person', 'Deal'];
