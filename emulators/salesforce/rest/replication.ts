/** `updated` and `deleted`: ids by time. Seconds are ignored, as by getUpdated(). */
import { ApiError } from '../errors.ts';
import { beforeStamp } from '../rows/sorted.ts';
import { parseTime, wireTime } from '../time.ts';
import { type ApiAnswer, type ApiCall, ok, pathObject } from './call.ts';

const minute = 60 * 1000;
const day = 24 * 60 * minute;
const longestSpan = 30 * day;
const binKeeps = 15 * day;

interface Span {
  readonly from: string;
  readonly to: string;
  readonly start: number;
  readonly covered: string;
}

export function updated(call: ApiCall): ApiAnswer {
  const object = pathObject(call);
  const { from, to, covered } = readSpan(call);
  const rows = call.org.table(object.name).range(beforeStamp(from), beforeStamp(to), false);
  const ids = rows.toArray().map((row) => row.Id);
  return ok({ ids, latestDateCovered: covered });
}

export function deleted(call: ApiCall): ApiAnswer {
  const object = pathObject(call);
  const { from, to, start, covered } = readSpan(call);
  const earliest = call.org.clock.now() - binKeeps;
  if (start < earliest - minute) {
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'startDate before org replication enabled date');
  }
  const table = call.org.table(object.name);
  const found = call.org.deletions.filter(
    ({ object: name, id, at }) =>
      name === object.name && at >= from && at < to && table.get(id)?.IsDeleted !== false,
  );
  const deletedRecords = found.map(({ id, at }) => ({ deletedDate: at, id }));
  return ok({ deletedRecords, earliestDateAvailable: wireTime(earliest), latestDateCovered: covered });
}

function readSpan({ org, request }: ApiCall): Span {
  const start = readTime(request.query.get('start'));
  const end = readTime(request.query.get('end'));
  if (end <= start)
    throw new ApiError(
      400,
      'INVALID_REPLICATION_DATE',
      'startDate must be at least one minute before endDate',
    );
  if (end - start > longestSpan) {
    throw new ApiError(
      400,
      'INVALID_REPLICATION_DATE',
      'the time between startDate and endDate is more than 30 days',
    );
  }
  const now = Math.floor(org.clock.now() / minute) * minute;
  return { from: wireTime(start), to: wireTime(end), start, covered: wireTime(Math.min(end, now)) };
}

/** A plus sign that was not encoded arrives as a blank; Salesforce does not guess. */
function readTime(text: string | null): number {
  const ms = text === null ? undefined : parseTime(text);
  if (ms !== undefined) return Math.floor(ms / minute) * minute;
  throw new ApiError(400, 'INVALID_REPLICATION_DATE', `invalid date: ${text}`);
}
