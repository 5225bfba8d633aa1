/** The vendors' accounts that a process uses, each with its allowances, whatever connections lead to it. */
import type { Clock } from '../support/clock.ts';
import { canonicalJson, fingerprint } from '../support/fingerprint.ts';
import type { Limits } from './contract/limits.ts';
import { type AllowanceBook, Day, memoryBook } from './day.ts';
import { Pool } from './pool.ts';

const unknownPool = { requests: 10, perMs: 1000, concurrency: 4 };

/** One for all connections of a hub in a process. */
export class Accounts {
  readonly #clock: Clock;
  readonly #book: AllowanceBook;
  readonly #accounts = new Map<string, Account>();

  constructor(clock: Clock, book: AllowanceBook = memoryBook()) {
    this.#clock = clock;
    this.#book = book;
  }

  /** The account of a connection; what its connections say of one allowance differently counts as the less. */
  of(system: string, connection: string, limits: Limits): Account {
    const { account } = limits;
    const name =
      account === undefined ? `connection:${connection}` : `${system}:${fingerprint(canonicalJson(account))}`;
    const known = this.#accounts.get(name);
    if (known !== undefined) {
      known.join(limits);
      return known;
    }
    const day = new Day({ account: name, clock: this.#clock, book: this.#book });
    const found = new Account(limits, this.#clock, day);
    this.#accounts.set(name, found);
    return found;
  }
}

export class Account {
  readonly day: Day;
  readonly #clock: Clock;
  readonly #pools = new Map<string, Pool>();
  #limits: Pick<Limits, 'pools' | 'reserve'>;

  constructor(limits: Limits, clock: Clock, day: Day) {
    this.#limits = limits;
    this.#clock = clock;
    this.day = day;
    day.join(limits);
  }

  /** Before the first call through any connection of the account. */
  join(limits: Limits): void {
    this.day.join(limits);
    this.#limits = {
      pools: { ...limits.pools, ...this.#limits.pools },
      reserve: Math.max(this.#limits.reserve, limits.reserve),
    };
  }

  pool(name: string): Pool {
    const known = this.#pools.get(name);
    if (known !== undefined) return known;
    const { pools, reserve } = this.#limits;
    const pool = new Pool(pools[name] ?? pools.default ?? unknownPool, reserve, this.#clock);
    this.#pools.set(name, pool);
    return pool;
  }
}
