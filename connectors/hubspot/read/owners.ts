/** The people and queues that records are assigned to; `hubspot_owner_id` holds their `id`, not their `userId`. */
import type { Stream, VendorRecord } from '../../../src/connector/contract/reading.ts';
import type { JsonObject } from '../../../src/support/json.ts';
import type { HubSpotConfig } from '../config.ts';
import { ask, build, type HubSpotContext } from '../wire/client.ts';
import { nextOf, pageSchema, shaped } from '../wire/shapes.ts';
import { idOf, timeOf } from './record.ts';
import { snapshotPage } from './snapshot.ts';

const object = 'owners';
const pageSize = 500;

export const ownerStream: Stream<HubSpotConfig> = {
  title: 'Owners',
  complete: true,
  pageSize,
  async *pull(ctx, checkpoint) {
    const rows = await owners(ctx);
    yield snapshotPage(object, rows.map(ownerRecord), checkpoint, ctx.vendorClock.now());
  },
};

async function owners(ctx: HubSpotContext): Promise<JsonObject[]> {
  const rows: JsonObject[] = [];
  let after: string | undefined;
  do {
    const answer = await ask(ctx, build.owners.getPage(undefined, after, pageSize, false));
    const page = shaped(pageSchema, answer.json(), 'the owners');
    rows.push(...page.results);
    after = nextOf(page);
  } while (after !== undefined);
  return rows;
}

function ownerRecord(row: JsonObject): VendorRecord {
  const createdAt = timeOf(row.createdAt);
  return {
    object,
    id: idOf(row),
    body: row,
    ...(createdAt === undefined ? {} : { createdAt }),
    modifiedAt: timeOf(row.updatedAt) ?? createdAt ?? 0,
  };
}
