/** Exits 0 when the database in TEST_PG answers. */
import pg from 'pg';

const client = new pg.Client({ connectionString: process.env.TEST_PG, connectionTimeoutMillis: 2_000 });
try {
  await client.connect();
  await client.query('select 1');
  await client.end();
} catch {
  process.exitCode = 1;
}
