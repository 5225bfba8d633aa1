/** Stage 3: people, organizations, deals and what belongs to them. */
import type { CanonicalEvent } from '../../canonical/events.ts';
import type { Growth, GrowthFound } from '../../canonical/growth.ts';
import type { Contribution, Entity, EntityKind } from '../../canonical/model.ts';

export interface ResolvedEntity {
  readonly entity: Entity;
  /** `kind:value` texts of the keys that lead to this entity and to no other. */
  readonly keys: readonly string[];
  /** There where more statements like those of the entity may be added without resolving all of it. */
  readonly growth?: Growth & Pick<GrowthFound, 'keys'>;
}

/** A contribution of no entity yet whose keys lead to one that grows, and to no other. */
export interface Newcomer {
  readonly contribution: Contribution;
  readonly entityId: string;
  /** What the entity's contributions say; nothing of what the hub computes. */
  readonly fields: Entity['fields'];
  readonly growth: Growth;
  /** Texts of its keys that others hold too. */
  readonly shared: ReadonlySet<string>;
  /** Key → likenesses of the entity's statements that hold it. */
  readonly likenesses: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Contributions that an entity takes up, and what it is with them. */
export interface Addition {
  readonly entityId: string;
  readonly contributions: readonly Contribution[];
  readonly fields: Entity['fields'];
  readonly provenance: Entity['provenance'];
  readonly growth: Growth;
  readonly keys: GrowthFound['keys'];
}

/** What an addition brings along. */
export interface Brought {
  readonly entityId: string;
  /** The time of the earliest event that may be the entity's now and was not; null: there is none. */
  readonly since: number | null;
  /** Others who share a session with a key that leads to the entity now. */
  readonly sharing: readonly string[];
}

export interface PersonTouches {
  readonly personId: string;
  readonly touches: readonly { readonly id: string; readonly time: number }[];
}

export interface Entities {
  /**
   * Puts resolved entities in the place of `before` (ids that the same contributions formed until now);
   * ids in `before` that are not among the new ones end, with a line in the merge log, and their children
   * with them. What `setDerived` set stays. Members are contribution names.
   * Returns the ids whose fields, members or existence changed, ended ones and their children included.
   */
  replace(resolved: readonly ResolvedEntity[], before: readonly string[], at: number): Promise<string[]>;
  /** Of these names those of newcomers. Inside a transaction, only one worker at a time gets past this call. */
  newcomers(names: readonly string[]): Promise<Newcomer[]>;
  /** Lets entities take up newcomers, at a cost that does not depend on how many members they have. */
  grow(additions: readonly Addition[]): Promise<Brought[]>;
  /** Of these names of members those whose entity grows: all that hangs together with them is that entity. */
  growing(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  get(ids: readonly string[]): Promise<Entity[]>;
  /** By `kind:value` key text. */
  byKey(kind: EntityKind, keys: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** What is known of the entities to which these keys lead, by key; without who says so. */
  fieldsByKey(kind: EntityKind, keys: readonly string[]): Promise<ReadonlyMap<string, Entity['fields']>>;
  scan(kind: EntityKind, after: string | null, limit: number): Promise<Entity[]>;
  count(kind: EntityKind): Promise<number>;
  /** Subjects of events (keys of people, sessions) → the person whose they are; the others are left out. */
  ownersOf(subjects: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /**
   * Persons who may win or lose events when `resolved` takes the place of `before`: they share a session with a key
   * that changes hands. To be asked before the change.
   */
  sharingSessions(resolved: readonly ResolvedEntity[], before: readonly string[]): Promise<string[]>;
  /** Touches at one of these keys, or in a session that is tied to one, and all ties of those sessions, strongest first. */
  touchesNear(
    keys: readonly string[],
  ): Promise<{ readonly events: readonly CanonicalEvent[]; readonly ties: readonly SessionTie[] }>;
  /**
   * For those of these persons who share nothing with anybody else: every touch up to then that can ever have been
   * theirs. The others are left out.
   */
  touchesOfThoseApart(personIds: readonly string[], until: number): Promise<readonly PersonTouches[]>;
  /** Deals with a person among these, through links of either. */
  dealsOf(personIds: readonly string[], organizationIds?: readonly string[]): Promise<string[]>;
  /** Live deals of which `dealFacts` gives no people. */
  dealsWithoutPeople(): Promise<WithoutPeople>;
  /** By person, the deals that count their touches, sorted; of people without any, nothing. */
  dealsOfPeople(personIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Ids of each deal's organizations and persons, by deal. */
  partiesOf(dealIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Persons, roles and touches of each deal, all of them: the journey's raw material. */
  dealFacts(dealIds: readonly string[]): Promise<DealFacts[]>;
  /** What happened to each person, and where they belong: the raw material of fits. */
  personFacts(personIds: readonly string[]): Promise<PersonFacts[]>;
  /** Organizations by person; people without one are left out. */
  organizationsOf(personIds: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>>;
  /** Persons of any of these organizations, sorted. */
  membersOf(organizationIds: readonly string[]): Promise<string[]>;
  /**
   * Sets the fields that the hub itself computes (chat credit), in place of those set before, apart from the
   * resolved ones and over them. Returns the ids that changed; entities that are gone are passed over.
   */
  setDerived(derived: readonly { id: string; fields: Entity['fields'] }[]): Promise<string[]>;
  /**
   * Puts the hub's own child entities (chat touches) of some parents in place of those there before. Returns the
   * ids that changed or ended.
   */
  replaceChildren(kind: EntityKind, families: readonly Family[]): Promise<string[]>;
  /** By entity id, the eldest line first; entities without a line are left out. */
  merges(entityIds: readonly string[]): Promise<ReadonlyMap<string, readonly MergeLine[]>>;
}

/** A conversation and a key that leads to its person; `firstAt` is when that was first told, ms. */
export interface SessionTie {
  readonly session: string;
  readonly key: string;
  readonly firstAt: number;
}

export interface Family {
  readonly parent: string;
  readonly children: readonly Entity[];
}

/** An account with more people than this does not lend them to its deals: that would be no journey. */
export const accountPeopleLimit = 50;

export interface WithoutPeople {
  readonly deals: number;
  /** Those of them whose account has more people than count. */
  readonly ofLargeAccounts: number;
}

export interface DealFacts {
  readonly dealId: string;
  /** `account`: the deal names nobody, and these are its account's. `crowd`: those would be too many. */
  readonly peopleFrom: 'roles' | 'account' | 'nobody' | 'crowd';
  readonly people: readonly {
    readonly id: string;
    readonly role: string | null;
    readonly primary: boolean;
  }[];
  /** `touch.*` events of those people, and the deal's own `deal.*` events, oldest first. */
  readonly events: readonly { readonly person: string | null; readonly event: CanonicalEvent }[];
}

export interface PersonFacts {
  readonly personId: string;
  readonly deals: readonly string[];
  readonly organizations: readonly string[];
  /** `touch.*` events and `chat.session_started`, oldest first. */
  readonly events: readonly CanonicalEvent[];
}

export interface MergeLine {
  readonly at: number;
  readonly kind: EntityKind;
  readonly what: 'joined' | 'split';
  readonly from: readonly string[];
  readonly into: readonly string[];
}
