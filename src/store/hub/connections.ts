/** What the hub keeps of each connection: tokens, checkpoints, replay keys; and its own small facts. */
import { sql } from 'kysely';
import type { TokenVault } from '../../connector/auth.ts';
import type { Checkpoint } from '../../connector/contract/reading.ts';
import type { Token } from '../../connector/contract/sign-in.ts';
import type { AllowanceBook, CountedDay } from '../../connector/day.ts';
import { type Keyring, open, seal } from '../../connector/secrets.ts';
import type { Json } from '../../support/json.ts';
import type { Log } from '../../support/log.ts';
import type { Connections, Held } from '../contract/connections.ts';
import type { Database } from '../database/database.ts';
import { fromJson } from '../database/json.ts';
import { prefixRange } from '../database/prefix.ts';
import { Leases } from './leases.ts';

/** A sign-in takes seconds; a holder that died is waited for this long at most. */
const signInMs = 30_000;

export class SqlConnections implements Connections {
  readonly vault: TokenVault;
  readonly allowances: AllowanceBook;
  readonly #database: Database;
  readonly #leases: Leases;

  constructor(database: Database, secrets: Keyring, log: Log) {
    this.#database = database;
    this.#leases = new Leases(database, log);
    this.vault = {
      read: (connection) => this.#readToken(secrets, connection),
      write: (connection, token) => this.#writeToken(secrets, connection, token),
      exclusively: (connection, work) => this.#leases.hold(`sign-in:${connection}`, signInMs, work),
    };
    this.allowances = { change: (account, change) => this.#changeDay(account, change) };
  }

  async checkpoint(connection: string, stream: string): Promise<Checkpoint | null> {
    const query = this.#database.read.db.selectFrom('checkpoint').select('value');
    const row = await query
      .where('connection', '=', connection)
      .where('stream', '=', stream)
      .executeTakeFirst();
    return row ? fromJson<Checkpoint>(row.value) : null;
  }

  async saveCheckpoint(connection: string, stream: string, checkpoint: Checkpoint | null): Promise<void> {
    await this.#database.write(async (session) => {
      if (checkpoint !== null)
        return session.upsert('checkpoint', [{ connection, stream, value: JSON.stringify(checkpoint) }]);
      return session.run(sql`delete from checkpoint where connection = ${connection} and stream = ${stream}`);
    });
  }

  async state(key: string): Promise<Json | null> {
    const row = await this.#database.read.db
      .selectFrom('state')
      .select('value')
      .where('key', '=', key)
      .executeTakeFirst();
    return row ? fromJson<Json>(row.value) : null;
  }

  async states(keys: readonly string[]): Promise<Set<string>> {
    if (keys.length === 0) return new Set();
    const { db, among } = this.#database.read;
    const rows = await db.selectFrom('state').select('key').where(among('key', keys)).execute();
    return new Set(rows.map(({ key }) => key));
  }

  async statesFrom(prefix: string): Promise<Map<string, Json>> {
    const { from, to } = prefixRange(prefix);
    const query = this.#database.read.db.selectFrom('state').select(['key', 'value']);
    const rows = await query.where('key', '>=', from).where('key', '<', to).orderBy('key').execute();
    return new Map(rows.map(({ key, value }) => [key, fromJson<Json>(value)]));
  }

  async saveState(key: string, value: Json | null): Promise<void> {
    await this.#database.write((session) =>
      value === null
        ? session.remove('state', 'key', [key])
        : session.upsert('state', [{ key, value: JSON.stringify(value) }]),
    );
  }

  async leased(name: string, ttlMs: number, work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    return (await this.#leases.tryHold(name, ttlMs, work)) !== null;
  }

  leaseHolder(name: string): Promise<Held | null> {
    return this.#leases.holderOf(name);
  }

  firstSeen(connection: string, replayKey: string, at: number, keepMs: number): Promise<boolean> {
    return this.#database.write(async (session) => {
      await session.run(sql`delete from replay where connection = ${connection} and at < ${at - keepMs}`);
      return (await session.insert('replay', [{ connection, key: replayKey, at }])) === 1;
    });
  }

  /** Only one process at a time gets past the lock of the row. */
  #changeDay(account: string, change: Parameters<AllowanceBook['change']>[1]): Promise<CountedDay> {
    const key = `allowance:${account}`;
    return this.#database.write(async (session) => {
      await session.insert('state', [{ key, value: 'null' }]);
      const rows = await session.all(
        sql<{ value: string }>`select value from state where key = ${key} ${session.dialect.locked}`,
      );
      const [kept] = rows.map(({ value }) => fromJson<CountedDay | null>(value));
      const day = change(kept ?? null);
      await session.upsert('state', [{ key, value: JSON.stringify(day) }]);
      return day;
    });
  }

  async #readToken(secrets: Keyring, connection: string): Promise<Token | null> {
    const row = await this.#database.read.db
      .selectFrom('token')
      .select('sealed')
      .where('connection', '=', connection)
      .executeTakeFirst();
    return row ? fromJson<Token>(open(secrets, { connection, purpose: 'token' }, row.sealed)) : null;
  }

  async #writeToken(secrets: Keyring, connection: string, token: Token): Promise<void> {
    const sealed = seal(secrets, { connection, purpose: 'token' }, JSON.stringify(token));
    await this.#database.write((session) => session.upsert('token', [{ connection, sealed }]));
  }
}
