/** Deal stages, one record each; a deal names its stage by id, and the pipeline stands inside the stage. */
import type { Stream, VendorRecord } from '../../../src/connector/contract/reading.ts';
import { isJsonObject, type JsonObject } from '../../../src/support/json.ts';
import type { HubSpotConfig } from '../config.ts';
import { ask, build, type HubSpotContext } from '../wire/client.ts';
import { pageSchema, shaped } from '../wire/shapes.ts';
import { idOf, timeOf } from './record.ts';
import { snapshotPage } from './snapshot.ts';

const object = 'pipelines';

export const pipelineStream: Stream<HubSpotConfig> = {
  title: 'Deal stages',
  complete: true,
  pageSize: 100,
  async *pull(ctx, checkpoint) {
    const records = await dealStages(ctx);
    yield snapshotPage(object, records, checkpoint, ctx.vendorClock.now());
  },
};

async function dealStages(ctx: HubSpotContext): Promise<VendorRecord[]> {
  const answer = await ask(ctx, build.pipelines.getAll('deals'));
  const { results } = shaped(pageSchema, answer.json(), 'the deal pipelines');
  return results.flatMap((pipeline) => stagesOf(pipeline).map((stage) => stageRecord(pipeline, stage)));
}

function stagesOf({ stages }: JsonObject): JsonObject[] {
  return Array.isArray(stages) ? stages.filter(isJsonObject) : [];
}

function stageRecord({ stages: _, ...pipeline }: JsonObject, stage: JsonObject): VendorRecord {
  const createdAt = timeOf(stage.createdAt);
  return {
    object,
    id: idOf(stage),
    body: { ...stage, pipeline },
    ...(createdAt === undefined ? {} : { createdAt }),
    modifiedAt: Math.max(timeOf(stage.updatedAt) ?? 0, timeOf(pipeline.updatedAt) ?? 0, createdAt ?? 0),
  };
}
