/** A schema of its own in the test's PostgreSQL, for suites that run there when TEST_DATABASE_URL is set. */
import pg from 'pg';

const server = process.env.TEST_DATABASE_URL;

export const hasPostgres = server !== undefined && server !== '';
/** Goes into the name of a suite that is skipped. */
export const whyNot = hasPostgres ? '' : ' (not run: TEST_DATABASE_URL is not set)';

let made = 0;

export async function postgresSchema(): Promise<{ url: string; drop(): Promise<void> }> {
  made += 1;
  const schema = `hub_road_${process.pid}_${made}`;
  await administer(`create schema ${schema}`);
  const url = new URL(server ?? '');
  url.searchParams.set('options', `-c search_path=${schema}`);
  return { url: url.href, drop: () => administer(`drop schema ${schema} cascade`) };
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
