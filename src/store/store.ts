/** The store as the road sees it, over one database or one transaction of it. */
import type { Keyring } from '../connector/secrets.ts';
import type { Log } from '../support/log.ts';
import type { Store } from './contract/store.ts';
import { SqlCredits } from './credits/credits.ts';
import { SqlFits } from './credits/fits.ts';
import type { Database } from './database/database.ts';
import { whyNotWritable } from './database/probe.ts';
import { SqlEntities } from './entities/entities.ts';
import { SqlFacts } from './facts/facts.ts';
import { SqlConnections } from './hub/connections.ts';
import { SqlEditions } from './hub/editions.ts';
import { SqlRuns } from './hub/runs.ts';
import { SqlIdentity } from './identity/identity.ts';
import { SqlLanding } from './landing/landing.ts';
import { SqlOutbox } from './outbox/outbox.ts';
import { SqlPushJobs } from './outbox/push-jobs.ts';
import { SqlSent } from './outbox/sent.ts';
import { SqlHeldRows } from './work/held-rows.ts';
import { SqlInbox } from './work/inbox.ts';
import { SqlRefusals } from './work/refusals.ts';
import { SqlWaits } from './work/waits.ts';
import { SqlWorkSet } from './work/work.ts';

export interface StoreParts {
  readonly secrets: Keyring;
  readonly log: Log;
  listen(listener: () => void): () => void;
  close(): Promise<void>;
}

export function storeOn(database: Database, parts: StoreParts): Store {
  return {
    dialect: database.read.dialect.name,
    transaction: (work, cause) => database.transaction((joined) => work(storeOn(joined, parts)), cause),
    landing: new SqlLanding(database),
    inbox: new SqlInbox(database),
    work: new SqlWorkSet(database, parts.listen),
    facts: new SqlFacts(database),
    entities: new SqlEntities(database),
    identity: new SqlIdentity(database),
    credits: new SqlCredits(database),
    fits: new SqlFits(database),
    outbox: new SqlOutbox(database),
    pushJobs: new SqlPushJobs(database),
    sent: new SqlSent(database),
    waits: new SqlWaits(database),
    heldRows: new SqlHeldRows(database),
    refusals: new SqlRefusals(database),
    connections: new SqlConnections(database, parts.secrets, parts.log),
    runs: new SqlRuns(database),
    editions: new SqlEditions(database),
    whyNotWritable: () => whyNotWritable(database),
    close: parts.close,
  };
}
