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

/** The reason for which a key is in doubt that more share than may share one of its kind. */
export const tooMany = 'too many';

/** A key that joined none of those who hold it. */
export interface Doubt {
  readonly key: string;
  readonly kind: EntityKind;
  readonly reason: string;
  /** Sorted. Of a key that too many share a few, those with records of systems first. */
  readonly entityIds: readonly string[];
  /** Those of them of which nothing is to be made before somebody has decided. */
  readonly held: readonly string[];
  /** Contributions that hold it, a few where there are many. */
  readonly names: readonly string[];
  /** How many contributions hold it; counted up to `mostHolders`. */
  readonly holders: number;
  /** How many entities hold it, those that are not among `entityIds` with them. */
  readonly entities: number;
}

/** What resolving says of a key. Who shares one that too many share is read when it is asked: each of them is resolved alone. */
export type NewDoubt = Omit<Doubt, 'entities'>;

/** Of a key that too many share no more holders than this are looked at. */
export const mostHolders = 5_000;

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
   * `settled`: keys of what was resolved: what is not among the doubts now is none any more.
   */
  doubt(
    entityIds: readonly string[],
    doubts: readonly NewDoubt[],
    settled?: readonly { readonly kind: EntityKind; readonly key: string }[],
  ): Promise<void>;
  /** In the order of kinds and keys; none that fewer than two hold by now. */
  doubts(): Promise<Doubt[]>;
  /** Of these entities those that are held, with the key that several hold. */
  held(entityIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
