/** Brings a database to the shape that this code knows, one numbered step after the other. */
import { sql } from 'kysely';
import { Problem } from '../../support/problem.ts';
import type { Database } from '../database/database.ts';
import type { Session } from '../database/session.ts';
import { up as first } from './0001-first.ts';
import { up as fits } from './0002-fits.ts';
import { up as computations } from './0003-computations.ts';
import { up as pushIndex } from './0004-push-index.ts';
import { up as writes } from './0005-writes.ts';
import { up as editions } from './0006-editions.ts';
import { up as sessions } from './0007-sessions.ts';
import { up as identity } from './0008-identity.ts';
import { up as inbox } from './0009-inbox.ts';
import { up as creditGroups } from './0010-credit-groups.ts';
import { up as inboxRows } from './0011-inbox-rows.ts';
import { up as due } from './0012-due.ts';
import { up as growth } from './0013-growth.ts';
import { up as heldRows } from './0014-held-rows.ts';
import { up as cause } from './0015-cause.ts';
import { up as packedCredit } from './0016-packed-credit.ts';
import { up as former } from './0017-former.ts';
import { up as pushJobs } from './0018-push-jobs.ts';
import { up as sent } from './0019-sent.ts';

type Migration = (session: Session) => Promise<void>;

/** In order; the number of a migration is its place, and what has been released never changes. */
const migrations: readonly Migration[] = [
  first,
  fits,
  computations,
  pushIndex,
  writes,
  editions,
  sessions,
  identity,
  inbox,
  creditGroups,
  inboxRows,
  due,
  growth,
  heldRows,
  cause,
  packedCredit,
  former,
  pushJobs,
  sent,
];

/** The version of a database that is up to date. */
export const schemaVersion = migrations.length;

export async function migrate(database: Database): Promise<void> {
  await database.write(async (session) => {
    const { db, dialect } = session;
    await dialect.alone(db, 'migrations');
    const { integer, table } = dialect.ddl;
    await sql
      .raw(
        `create table if not exists schema_version (version ${integer} primary key not null, applied_at ${integer} not null) ${table}`,
      )
      .execute(db);
    const present = await version(session);
    if (present > migrations.length) throw tooNew(present);
    for (const [index, up] of migrations.entries()) {
      if (index < present) continue;
      await up(session);
      await sql`insert into schema_version (version, applied_at) values (${index + 1}, ${database.clock.now()})`.execute(
        db,
      );
    }
  });
}

async function version(session: Session): Promise<number> {
  const [row] = await session.all(
    sql<{ version: number | null }>`select max(version) as version from schema_version`,
  );
  return row?.version ?? 0;
}

function tooNew(present: number): Problem {
  return new Problem(
    'configuration',
    `The database has schema version ${present}; this hub knows ${migrations.length}.`,
    {
      remedy: 'A newer hub has used this database: run that version or a later one.',
    },
  );
}
