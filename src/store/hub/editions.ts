/**
 * Which version of the admin's files is in force. Processes may run with different ones for a while (an edited file, a
 * roll-out): what is in force stands here, so that the older ones leave work alone that is meant for the newer.
 */
import { sql } from 'kysely';
import type { Adoption, Behind, Edition, Editions, OwnEdition } from '../contract/editions.ts';
import type { Database } from '../database/database.ts';
import { fromJson } from '../database/json.ts';
import { prefixRange } from '../database/prefix.ts';
import type { Session } from '../database/session.ts';
import type { Row } from '../database/tables.ts';
import { namesOf, unknownProcess } from './holder-names.ts';

/** How many earlier versions are remembered, to know an older process by. */
const remembered = 50;

/** Followed by the process. */
const behindPrefix = 'behind:';

type EditionRow = Row<'edition'>;

export class SqlEditions implements Editions {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async list(): Promise<Edition[]> {
    const rows = await this.#database.read.db.selectFrom('edition').selectAll().orderBy('name').execute();
    return rows.map(editionOf);
  }

  async hold(prefix: string): Promise<ReadonlyMap<string, string>> {
    const { from, to } = prefixRange(prefix);
    const { read } = this.#database;
    const rows = await read.all(
      sql<
        Pick<EditionRow, 'name' | 'version'>
      >`select name, version from edition where name >= ${from} and name < ${to} order by name ${read.dialect.shared}`,
    );
    return new Map(rows.map(({ name, version }) => [name, version]));
  }

  async adopt(own: readonly OwnEdition[]): Promise<Adoption[]> {
    const sorted = [...own].sort((a, b) => (a.name < b.name ? -1 : 1));
    return this.#database.transaction(async (database) => {
      const session = database.read;
      // Two processes that start on an empty store would both find nothing there.
      await session.dialect.alone(session.db, 'editions');
      const present = await locked(session, sorted);
      await session.remove('state', 'key', [behindPrefix + database.holder]);
      const adoptions: Adoption[] = [];
      for (const one of sorted) adoptions.push(await adoptOne(database, one, present.get(one.name)));
      return adoptions;
    });
  }

  async markedFor(name: string, version: string): Promise<void> {
    await this.#database.write((session) =>
      session.run(sql`update edition set marked = ${version} where name = ${name} and version = ${version}`),
    );
  }

  /** Takes out what was noted by processes that ended, so that it never grows. */
  async leave(names: readonly string[]): Promise<void> {
    const { holder } = this.#database;
    await this.#database.transaction(async (database) => {
      const noted = await notesOf(database);
      const alive = await database.alive([...noted.keys()]);
      const ended = [...noted.keys()].filter((id) => !alive.has(id));
      const session = database.read;
      await session.remove(
        'state',
        'key',
        ended.map((id) => behindPrefix + id),
      );
      await session.upsert('state', [{ key: behindPrefix + holder, value: JSON.stringify(names) }]);
    });
  }

  async behind(): Promise<Behind[]> {
    const noted = await notesOf(this.#database);
    const alive = await this.#database.alive([...noted.keys()]);
    const processes = await namesOf(this.#database.read, [...alive]);
    return [...noted]
      .filter(([id]) => alive.has(id))
      .map(([id, names]) => ({ by: processes.get(id) ?? unknownProcess, names }));
  }
}

async function adoptOne(
  database: Database,
  own: OwnEdition,
  present: EditionRow | undefined,
): Promise<Adoption> {
  const { name, version, editedAt } = own;
  const alive = present ? await living(database, present) : [];
  if (present && present.version !== version && isOlder(own, present, alive)) {
    // Else two that go back together would each leave the work to the other.
    await database.read.upsert('edition', [{ ...present, holders: JSON.stringify(alive) }]);
    return { edition: editionOf(present), outcome: 'older' };
  }
  const isSame = present?.version === version;
  const row: EditionRow = {
    name,
    version,
    number: (present?.number ?? 0) + (isSame ? 0 : 1),
    edited_at: isSame ? Math.max(present.edited_at, editedAt) : editedAt,
    since: isSame ? present.since : database.clock.now(),
    marked: isSame ? present.marked : null,
    past: JSON.stringify(isSame || !present ? pastOf(present) : earlier(present, version)),
    holders: JSON.stringify([...new Set([...(isSame ? alive : []), database.holder])]),
  };
  await database.read.upsert('edition', [row]);
  return { edition: editionOf(row), outcome: isSame ? 'same' : 'adopted' };
}

/** Names of editions by the process that leaves them. */
async function notesOf({ read }: Database): Promise<Map<string, readonly string[]>> {
  const { from, to } = prefixRange(behindPrefix);
  const rows = await read.all(
    sql<Row<'state'>>`select key, value from state where key >= ${from} and key < ${to} order by key`,
  );
  return new Map(rows.map(({ key, value }) => [key.slice(behindPrefix.length), fromJson<string[]>(value)]));
}

async function living(database: Database, { holders }: EditionRow): Promise<string[]> {
  const others = fromJson<string[]>(holders).filter((id) => id !== database.holder);
  return [...(await database.alive(others))];
}

/**
 * A version that was in force before comes back by an edit (then its file is the younger one), or because nobody works
 * with the newer any more. Else it is an old process that starts again.
 */
function isOlder({ version, editedAt }: OwnEdition, present: EditionRow, alive: readonly string[]): boolean {
  return pastOf(present).includes(version) && editedAt <= present.edited_at && alive.length > 0;
}

async function locked(session: Session, own: readonly OwnEdition[]): Promise<Map<string, EditionRow>> {
  const names = own.map(({ name }) => name);
  const rows = await session.all(
    sql<EditionRow>`select * from edition where ${session.among('name', names)} order by name ${session.dialect.locked}`,
  );
  return new Map(rows.map((row) => [row.name, row]));
}

function pastOf(present: EditionRow | undefined): string[] {
  return present ? fromJson<string[]>(present.past) : [];
}

function earlier(present: EditionRow, version: string): string[] {
  const past = [...pastOf(present), present.version].filter((one) => one !== version);
  return past.slice(-remembered);
}

function editionOf({ name, version, number, since, marked }: EditionRow): Edition {
  return { name, version, number, since, isMarked: marked === version };
}
