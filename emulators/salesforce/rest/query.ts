import { ApiError } from '../errors.ts';
import { dataRealm } from '../realm.ts';
import { describeQuery } from '../soql/described.ts';
import { runSoql } from '../soql/run.ts';
import { type ApiAnswer, type ApiCall, ok } from './call.ts';

export const query = (call: ApiCall) => start(call, false);
export const queryAll = (call: ApiCall) => start(call, true);

function start(call: ApiCall, withDeleted: boolean): ApiAnswer {
  const { api, org, request, version, base } = call;
  const soql = request.query.get('q');
  if (soql === null) throw new ApiError(400, 'MALFORMED_QUERY', 'A query string has to be specified');
  if (request.query.get('columns') === 'true') return ok(describeQuery(dataRealm(org), soql, version));
  const found = runSoql(dataRealm(org), soql, { version, withDeleted });
  return ok(api.cursors.open(found, batchSize(request.headers['sforce-query-options']), base));
}

export function queryMore({ api, params, base }: ApiCall): ApiAnswer {
  return ok(api.cursors.more(params.locator ?? '', base));
}

/** `Sforce-Query-Options: batchSize=200`, a hint between 200 and 2,000. */
function batchSize(header: string | undefined): number | undefined {
  const size = Number(/batchSize\s*=\s*(\d+)/i.exec(header ?? '')?.[1] ?? Number.NaN);
  return size >= 200 && size <= 2000 ? size : undefined;
}
