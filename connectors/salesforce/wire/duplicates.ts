/** Which record a refused duplicate would have doubled. */
import { z } from 'zod';
import { isRecordId, longId } from './ids.ts';

const codes = new Set(['DUPLICATE_VALUE', 'DUPLICATES_DETECTED']);

export function isDuplicate(code: string): boolean {
  return codes.has(code);
}

const matchedRecord = z.looseObject({
  Id: z.string().exactOptional(),
  attributes: z
    .looseObject({ type: z.string().exactOptional(), url: z.string().exactOptional() })
    .exactOptional(),
});
const duplicateResult = z.looseObject({
  matchResults: z.array(z.looseObject({ matchRecords: z.array(z.looseObject({ record: matchedRecord })) })),
});

/** The record in the way: named in the words of DUPLICATE_VALUE, in the body of DUPLICATES_DETECTED. */
export function recordInTheWay(
  error: { readonly message: string; readonly duplicateResult?: unknown },
  object: string,
): { existingId?: string } {
  const [, named = ''] = /record with id: (\w{15,18})/.exec(error.message) ?? [];
  if (isRecordId(named)) return { existingId: longId(named) };
  const matches = duplicateResult.safeParse(error.duplicateResult).data?.matchResults ?? [];
  // A rule may compare leads with contacts; only a record of the same object can be read in place of ours.
  const same = matches
    .flatMap(({ matchRecords }) => matchRecords)
    .find(({ record }) => record.attributes?.type === object);
  const id = same?.record.Id ?? same?.record.attributes?.url?.split('/').at(-1);
  return id === undefined ? {} : { existingId: longId(id) };
}
