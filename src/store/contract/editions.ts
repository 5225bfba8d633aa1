/** In which version files and settings are in force, in all processes. */

/** What a process computes with: one of the admin's files or settings, in the version that it has read. */
export interface OwnEdition {
  /** `mapping:<connection>:<object>`, `writes:<connection>` … */
  readonly name: string;
  readonly version: string;
  /** When its files were last changed, ms. */
  readonly editedAt: number;
}

/** The version that is in force, in all processes. */
export interface Edition {
  readonly name: string;
  readonly version: string;
  /** Counts the changes. */
  readonly number: number;
  readonly since: number;
  /** Everything that it concerns has been marked. */
  readonly isMarked: boolean;
}

export interface Adoption {
  /** What is in force now. */
  readonly edition: Edition;
  /** `older`: ours was in force before, and a living process works with the newer one. */
  readonly outcome: 'same' | 'adopted' | 'older';
}

/** A process that works with older files than others do. */
export interface Behind {
  /** `process 4711 on hub-2`. */
  readonly by: string;
  /** Editions that it leaves to the others. */
  readonly names: readonly string[];
}

export interface Editions {
  list(): Promise<Edition[]>;
  /** Versions in force by name, of names with a prefix. Inside a transaction they stay so until it ends. */
  hold(prefix: string): Promise<ReadonlyMap<string, string>>;
  /** Puts what this process has read in force, unless it is an older process that starts again. */
  adopt(own: readonly OwnEdition[]): Promise<Adoption[]>;
  /** Notes that all that this version concerns has been marked; until then every process that starts marks it again. */
  markedFor(name: string, version: string): Promise<void>;
  /** Notes what this process leaves to those that have read a newer version, until it adopts again. */
  leave(names: readonly string[]): Promise<void>;
  /** Living processes that leave something to newer ones. */
  behind(): Promise<Behind[]>;
}
