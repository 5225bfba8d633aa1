/** What the REST API answers to, below `/services/data/vNN.0/`. */
import * as bulk from './bulk.ts';
import type { Handler } from './call.ts';
import * as collections from './collections.ts';
import { batch, composite } from './composite.ts';
import { limits, resources } from './limits.ts';
import { query, queryAll, queryMore } from './query.ts';
import { deleted, updated } from './replication.ts';
import * as sobjects from './sobjects.ts';
import * as tooling from './tooling.ts';

/** The first pattern that fits wins; `{x}` is one segment. */
export const routes: readonly (readonly [method: string, pattern: string, handler: Handler])[] = [
  ['GET', '', resources],
  ['GET', 'query', query],
  ['GET', 'query/{locator}', queryMore],
  ['GET', 'queryAll', queryAll],
  ['GET', 'queryAll/{locator}', queryMore],
  ['GET', 'limits', limits],
  ['GET', 'sobjects', sobjects.globalDescribe],
  ['GET', 'sobjects/{type}', sobjects.basicInfo],
  ['POST', 'sobjects/{type}', sobjects.create],
  ['GET', 'sobjects/{type}/describe', sobjects.describe],
  ['GET', 'sobjects/{type}/updated', updated],
  ['GET', 'sobjects/{type}/deleted', deleted],
  ['GET', 'sobjects/{type}/{id}', sobjects.retrieve],
  ['PATCH', 'sobjects/{type}/{id}', sobjects.update],
  ['DELETE', 'sobjects/{type}/{id}', sobjects.remove],
  ['GET', 'sobjects/{type}/{field}/{value}', sobjects.retrieveByKey],
  ['PATCH', 'sobjects/{type}/{field}/{value}', sobjects.upsert],
  ['POST', 'composite', composite],
  ['POST', 'composite/batch', batch],
  ['POST', 'composite/sobjects', collections.createMany],
  ['PATCH', 'composite/sobjects', collections.updateMany],
  ['DELETE', 'composite/sobjects', collections.deleteMany],
  ['GET', 'composite/sobjects/{type}', collections.retrieveMany],
  ['POST', 'composite/sobjects/{type}', collections.retrieveMany],
  ['PATCH', 'composite/sobjects/{type}/{field}', collections.upsertMany],
  ['GET', 'jobs/ingest', bulk.listIngest],
  ['POST', 'jobs/ingest', bulk.openIngest],
  ['GET', 'jobs/ingest/{id}', bulk.getIngest],
  ['PATCH', 'jobs/ingest/{id}', bulk.patchIngest],
  ['DELETE', 'jobs/ingest/{id}', bulk.removeIngest],
  ['PUT', 'jobs/ingest/{id}/batches', bulk.uploadIngest],
  ['GET', 'jobs/ingest/{id}/successfulResults', bulk.successfulResults],
  ['GET', 'jobs/ingest/{id}/failedResults', bulk.failedResults],
  ['GET', 'jobs/ingest/{id}/unprocessedrecords', bulk.unprocessedRecords],
  ['GET', 'jobs/query', bulk.listQuery],
  ['POST', 'jobs/query', bulk.openQuery],
  ['GET', 'jobs/query/{id}', bulk.getQuery],
  ['PATCH', 'jobs/query/{id}', bulk.patchQuery],
  ['DELETE', 'jobs/query/{id}', bulk.removeQuery],
  ['GET', 'jobs/query/{id}/results', bulk.queryResults],
  ['GET', 'tooling/query', tooling.toolingQuery],
  ['GET', 'tooling/query/{locator}', tooling.toolingQueryMore],
  ['POST', 'tooling/sobjects/{type}', tooling.toolingCreate],
  ['GET', 'tooling/sobjects/{type}/{id}', tooling.toolingRetrieve],
  ['PATCH', 'tooling/sobjects/{type}/{id}', tooling.toolingUpdate],
  ['DELETE', 'tooling/sobjects/{type}/{id}', tooling.toolingDelete],
];
