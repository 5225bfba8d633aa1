import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { columns, primaryKeys, tableNames } from '../../src/store/database/tables.ts';
import { schemaVersion } from '../../src/store/migrations/run.ts';
import { openDatabase } from '../../src/store/open.ts';
import { systemClock } from '../../src/support/clock.ts';
import { silentLog } from '../../src/support/log.ts';
import { onEachDatabase } from './databases.ts';

const typeNames: Readonly<Record<string, string>> = {
  INTEGER: 'integer',
  TEXT: 'text',
  REAL: 'real',
  int8: 'integer',
  text: 'text',
  float8: 'real',
};

onEachDatabase('schema', (databases) => {
  it('has the tables and columns that the code says', async () => {
    const place = await databases.place();
    const { database } = await databases.database(place);
    const tables = await database.read.db.introspection.getTables();
    const own = (schema: string | undefined) =>
      schema === undefined || place.url?.endsWith(`search_path%3D${schema}`);
    const found = tables.filter(({ name, schema }) => name !== 'schema_version' && own(schema));
    const shape = (table: (typeof found)[number]) =>
      Object.fromEntries(
        table.columns.map(({ name, dataType, isNullable }) => [
          name,
          `${typeNames[dataType] ?? dataType}${isNullable ? '?' : ''}`,
        ]),
      );
    const unique = Object.fromEntries(found.map((table) => [table.name, shape(table)]));
    expect(unique).toEqual(columns);
    expect(Object.keys(primaryKeys)).toEqual(tableNames);
  });

  it('is made once, by however many open it at the same time', async () => {
    const place = await databases.place();
    const opening = Array.from({ length: 4 }, () => databases.database(place));
    for (const { database } of await Promise.all(opening)) {
      const versions = await sql<{
        version: number;
      }>`select version from schema_version order by version`.execute(database.read.db);
      expect(versions.rows.map(({ version }) => version)).toEqual(
        Array.from({ length: schemaVersion }, (_, step) => step + 1),
      );
    }
  });

  it('refuses a database that a newer hub has used', async () => {
    const place = await databases.place();
    const { database } = await databases.database(place);
    await database.write(({ db }) =>
      sql`insert into schema_version (version, applied_at) values (999, 0)`.execute(db),
    );
    await expect(openDatabase(place)).rejects.toMatchObject({
      kind: 'configuration',
      remedy: expect.stringContaining('newer hub'),
    });
  });
});

describe('opening a store', () => {
  const parts = { clock: systemClock, log: silentLog };

  it('says where a PostgreSQL is that does not answer, without its password', async () => {
    const opening = openDatabase({ url: 'postgres://hub:pass-word@127.0.0.1:1/hub', ...parts });
    const problem = await opening.catch((error: unknown) => error);
    expect(problem).toMatchObject({ kind: 'configuration', where: 'postgres://127.0.0.1:1/hub' });
    expect(String(problem)).not.toContain('pass-word');
  });

  it('says which directory cannot be used, and leaves it alone', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hub-store-'));
    writeFileSync(join(directory, 'hub.db'), 'not a database, but somebody may want it '.repeat(40));
    await expect(openDatabase({ directory, ...parts })).rejects.toMatchObject({
      kind: 'configuration',
      where: directory,
      message: expect.stringContaining('not a database'),
    });
    expect(readFileSync(join(directory, 'hub.db'), 'utf8')).toContain('somebody may want it');
    rmSync(directory, { recursive: true });
  });

  it('asks for a place when none is named', async () => {
    expect(() => openDatabase(parts)).toThrow('No database is named');
  });
});
