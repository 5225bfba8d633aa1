/** Every call that this stand-in knows, as one table. */
import * as associationBatches from './association-batches.ts';
import * as associations from './association-routes.ts';
import type { Family, Handler } from './call.ts';
import * as directory from './directory.ts';
import type { Pool } from './limits.ts';
import * as groups from './property-groups.ts';
import * as properties from './property-routes.ts';
import { listRecords, readBatch, readRecord } from './reading.ts';
import type { ScopeKind } from './scopes.ts';
import { searchRecords } from './search.ts';
import * as writing from './writing.ts';

export interface RouteEntry {
  readonly method: string;
  /** `{name}` stands for one part of the path. */
  readonly path: string;
  readonly families: readonly Family[];
  readonly scope: ScopeKind | undefined;
  readonly pool: Pool;
  readonly handle: Handler;
}

const dated = ['2026-03', '2026-09'] as const;
const v1 = ['v1'] as const;
const v3 = ['v3', ...dated] as const;
const v4 = ['v4', ...dated] as const;

type Line = readonly [
  call: string,
  families: readonly Family[],
  scope: ScopeKind | undefined,
  handle: Handler,
];

/** Of two lines that fit, the first one counts. */
const lines: readonly Line[] = [
  ['GET objects/{type}', v3, 'records.read', listRecords],
  ['POST objects/{type}', v3, 'records.write', writing.createRecord],
  ['POST objects/{type}/search', v3, 'records.read', searchRecords],
  ['POST objects/{type}/merge', v3, 'records.write', writing.mergeRecords],
  ['POST objects/{type}/gdpr-delete', v3, 'records.write', writing.eraseRecord],
  ['POST objects/{type}/batch/read', v3, 'records.read', readBatch],
  ['POST objects/{type}/batch/create', v3, 'records.write', writing.createBatch],
  ['POST objects/{type}/batch/update', v3, 'records.write', writing.updateBatch],
  ['POST objects/{type}/batch/upsert', v3, 'records.write', writing.upsertBatch],
  ['POST objects/{type}/batch/archive', v3, 'records.write', writing.archiveBatch],
  ['GET objects/{type}/{id}', v3, 'records.read', readRecord],
  ['PATCH objects/{type}/{id}', v3, 'records.write', writing.updateRecord],
  ['DELETE objects/{type}/{id}', v3, 'records.write', writing.archiveRecord],

  [
    'PUT objects/{type}/{id}/associations/default/{toType}/{toId}',
    v4,
    'records.write',
    associations.putDefaultAssociation,
  ],
  ['PUT objects/{type}/{id}/associations/{toType}/{toId}', v4, 'records.write', associations.putAssociation],
  [
    'DELETE objects/{type}/{id}/associations/{toType}/{toId}',
    v4,
    'records.write',
    associations.deleteAssociation,
  ],
  ['GET objects/{type}/{id}/associations/{toType}', ['v4'], 'records.read', associations.listAssociations],
  ['POST associations/{type}/{toType}/batch/read', v4, 'records.read', associationBatches.readAssociations],
  [
    'POST associations/{type}/{toType}/batch/create',
    v4,
    'records.write',
    associationBatches.createAssociations,
  ],
  [
    'POST associations/{type}/{toType}/batch/associate/default',
    v4,
    'records.write',
    associationBatches.createDefaultAssociations,
  ],
  [
    'POST associations/{type}/{toType}/batch/archive',
    v4,
    'records.write',
    associationBatches.archiveAssociations,
  ],
  [
    'POST associations/{type}/{toType}/batch/labels/archive',
    v4,
    'records.write',
    associationBatches.archiveLabels,
  ],
  ['GET associations/{type}/{toType}/labels', v4, 'records.read', associations.listLabels],

  ['GET properties/{type}', v3, 'schema.read', properties.listProperties],
  ['POST properties/{type}', v3, 'schema.write', properties.createProperty],
  ['GET properties/{type}/groups', v3, 'schema.read', groups.listGroups],
  ['POST properties/{type}/groups', v3, 'schema.write', groups.createGroup],
  ['GET properties/{type}/groups/{name}', v3, 'schema.read', groups.readGroup],
  ['DELETE properties/{type}/groups/{name}', v3, 'schema.write', groups.archiveGroup],
  ['POST properties/{type}/batch/create', v3, 'schema.write', properties.createProperties],
  ['POST properties/{type}/batch/read', v3, 'schema.read', properties.readProperties],
  ['POST properties/{type}/batch/archive', v3, 'schema.write', properties.archiveProperties],
  ['GET properties/{type}/{name}', v3, 'schema.read', properties.readProperty],
  ['PATCH properties/{type}/{name}', v3, 'schema.write', properties.updateProperty],
  ['DELETE properties/{type}/{name}', v3, 'schema.write', properties.archiveProperty],

  ['GET pipelines/{type}', v3, 'schema.read', directory.listPipelines],
  ['GET pipelines/{type}/{id}', v3, 'schema.read', directory.readPipeline],
  ['GET pipelines/{type}/{id}/stages', v3, 'schema.read', directory.listStages],
  ['GET owners', v3, 'owners', directory.listOwners],
  ['GET owners/{id}', v3, 'owners', directory.readOwner],
  ['GET forms', v3, 'forms', directory.listForms],
  ['GET forms/{id}', v3, 'forms', directory.readForm],
  ['GET submissions/{id}', v1, 'forms', directory.listSubmissions],
  ['GET account', v3, undefined, directory.readAccount],
  ['GET me', v1, undefined, directory.readMe],
];

export const routes: readonly RouteEntry[] = lines.map(([call, families, scope, handle]) => {
  const [method = '', path = ''] = call.split(' ');
  const pool: Pool = handle === searchRecords ? 'search' : 'burst';
  return { method, path, families, scope, pool, handle };
});
