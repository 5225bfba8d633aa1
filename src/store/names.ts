/** How the store names contributions and keys, and which kinds of entity stand at the ends of links and events. */
import {
  type Contribution,
  type EntityKind,
  type IdentityKey,
  type Link,
  refText,
} from '../canonical/model.ts';

/** `<kind>|<text ref>`: a record may say something of several entities. */
export function contributionName({ kind, ref }: Pick<Contribution, 'kind' | 'ref'>): string {
  return `${kind}|${refText(ref)}`;
}

/** `<key kind>:<value>`, as events name their subject. */
export function keyText({ kind, value }: IdentityKey): string {
  return `${kind}:${value}`;
}

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
  'campaign-person': [['Campaign'], ['Person']],
  'touch-deal': [['Conversation', 'ChatTouch'], ['Deal']],
};

export const subjectKinds: readonly EntityKind[] = ['Person', 'Deal'];
