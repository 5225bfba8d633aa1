/** Interfaces that this org does not offer, refused in the shapes that their clients read. */
import type { LoopbackAnswer, LoopbackRequest } from '../../loopback/loopback.ts';
import { soapFault } from './metadata.ts';

interface Absent {
  readonly name: string;
  readonly path: RegExp;
  answer(request: LoopbackRequest): LoopbackAnswer;
}

const absent: readonly Absent[] = [
  {
    name: 'POST Soap/u',
    path: /^\/+services\/Soap\/[uc]\/\d+\.\d(\/\w+)?\/?$/,
    answer: ({ body }) => partnerFault(body.toString('utf8')),
  },
  { name: 'async', path: /^\/+services\/async\/\d+\.\d(\/|$)/, answer: bulkOne },
];

export function absentAt(path: string): Absent | undefined {
  return absent.find((one) => one.path.test(path));
}

/** An org whose administrators have not switched it on: https://help.salesforce.com/s/articleView?id=005132110 */
function partnerFault(body: string): LoopbackAnswer {
  const operation = /<(?:\w+:)?Body[^>]*>\s*<(?:\w+:)?(\w+)/.exec(body)?.[1] ?? '';
  return operation === 'login'
    ? soapFault(
        'sf:INVALID_OPERATION',
        'INVALID_OPERATION: SOAP API login() is disabled by default in this org.',
      )
    : soapFault(
        'soapenv:Client',
        `No operation available for request {urn:partner.soap.sforce.com}${operation}`,
      );
}

/** https://developer.salesforce.com/docs/atlas.en-us.api_asynch.meta/api_asynch/asynch_api_reference_errors.htm */
function bulkOne({ headers }: LoopbackRequest): LoopbackAnswer {
  const exceptionCode = 'FeatureNotEnabled';
  const exceptionMessage =
    'Bulk API is not enabled for this organization; use Bulk API 2.0 (jobs/ingest and jobs/query)';
  const asked = `${headers.accept ?? ''} ${headers['content-type'] ?? ''}`;
  if (/json/i.test(asked)) return { status: 400, json: { exceptionCode, exceptionMessage } };
  return {
    status: 400,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0" encoding="UTF-8"?><error xmlns="http://www.force.com/2009/06/asyncapi/dataload"><exceptionCode>${exceptionCode}</exceptionCode><exceptionMessage>${exceptionMessage}</exceptionMessage></error>`,
  };
}
