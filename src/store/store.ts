/** The store as the road sees it, over one database or one transaction of it. */
import type { Keyring } from '../connector/secrets.ts';
import { SqlConnections } from './connections.ts';
import type { Store } from './contract.ts';
import { SqlCredits } from './credits.ts';
import type { Database } from './database.ts';
import { SqlEntities } from './entities.ts';
import { SqlFacts } from './facts.ts';
import { SqlFits } from './fits.ts';
import { SqlLanding } from './landing.ts';
import { SqlOutbox } from './outbox.ts';
import { SqlRuns } from './runs.ts';
import { SqlWorkSet } from './work.ts';

export interface StoreParts {
  readonly secrets: Keyring;
  listen(listener: () => void): () => void;
  close(): Promise<void>;
}

export function storeOn(database: Database, parts: StoreParts): Store {
  return {
    dialect: database.read.dialect.name,
    transaction: (work) => database.transaction((joined) => work(storeOn(joined, parts))),
    landing: new SqlLanding(database),
    work: new SqlWorkSet(database, parts.listen),
    facts: new SqlFacts(database),
    entities: new SqlEntities(database),
    credits: new SqlCredits(database),
    fits: new SqlFits(database),
    outbox: new SqlOutbox(database),
    connections: new SqlConnections(database, parts.secrets),
    runs: new SqlRuns(database),
    close: parts.close,
  };
}
