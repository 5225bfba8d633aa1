/** Who may be one: what hangs together, what is remembered of it, what is in doubt. */
import type { Contribution, EntityKind } from '../../canonical/model.ts';
import type { Decision, Pair, Pairing } from '../../canonical/pairs.ts';

export interface Component {
  readonly contributions: readonly Contribution[];
  /** Ids of the entities to which these contributions belonged until now. */
  readonly entities: readonly string[];
  /** What is remembered of pairs among these contributions. */
  readonly pairings: readonly Pairing[];
  readonly decisions: readonly Decision[];
  /** Texts of keys that these contributions hold and that too many share to identify anybody. */
  readonly crowds: readonly string[];
  readonly overLimit: boolean;
}

/** A key that joined none of those who hold it. */
export interface Doubt {
  readonly key: string;
  readonly kind: EntityKind;
  readonly reason: string;
  /** Sorted; none where too many share the key. */
  readonly entityIds: readonly string[];
  /** Those of them of which nothing is to be made before somebody has decided. */
  readonly held: readonly string[];
  /** Contributions that hold it, a few where there are many. */
  readonly names: readonly string[];
  /** How many hold it. */
  readonly holders: number;
}

export interface Identity {
  /** Pairs that are known already stay as they are. */
  remember(pairings: readonly Pairing[]): Promise<void>;
  forget(pairs: readonly Pair[]): Promise<void>;
  /** Pairs of one of these. */
  pairings(names: readonly string[]): Promise<Pairing[]>;
  /** In the place of what was said of the two before. */
  decide(decision: Decision): Promise<void>;
  /** False when nothing was said of the two. */
  takeBack(pair: Pair): Promise<boolean>;
  decisions(): Promise<Decision[]>;
  /**
   * Puts these in the place of all doubts about these entities, and of those about keys that are doubtful again.
   * `leading`: keys that lead to somebody now, so that nobody need doubt them.
   */
  doubt(
    entityIds: readonly string[],
    doubts: readonly Doubt[],
    leading?: readonly { readonly kind: EntityKind; readonly key: string }[],
  ): Promise<void>;
  /** In the order of kinds and keys. */
  doubts(): Promise<Doubt[]>;
  /** Doubtful keys by reason. */
  counts(): Promise<Readonly<Record<string, number>>>;
  /** Of these entities those that are held, with the key that several hold. */
  held(entityIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
