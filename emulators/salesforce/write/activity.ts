import type { Row } from '../schema/model.ts';
import { parseTime, wireTime } from '../time.ts';
import type { Writer } from './writer.ts';

export function completeTask(row: Row, old: Row | undefined, _given: Row, writer: Writer): void {
  row.IsClosed = row.Status === 'Completed';
  row.IsHighPriority = row.Priority === 'High';
  if (row.IsClosed && old?.IsClosed !== true) row.CompletedDateTime ??= writer.stamp;
  row.AccountId = accountOf(row, writer);
}

export function completeEvent(row: Row, _old: Row | undefined, _given: Row, writer: Writer): void {
  const start = row.StartDateTime ?? row.ActivityDateTime;
  if (typeof start === 'string') {
    row.StartDateTime = start;
    row.ActivityDateTime = start;
    row.ActivityDate = start.slice(0, 10);
    row.EndDateTime ??= wireTime((parseTime(start) ?? 0) + Number(row.DurationInMinutes ?? 60) * 60_000);
    row.DurationInMinutes ??= 60;
  }
  row.AccountId = accountOf(row, writer);
}

/** The account of the thing, else of the person. */
function accountOf(row: Row, { org }: Writer): string | null {
  for (const [object, id] of [
    ['Account', row.WhatId],
    ['Opportunity', row.WhatId],
    ['Contact', row.WhoId],
  ] as const) {
    const found = typeof id === 'string' ? org.table(object).get(id) : undefined;
    if (found !== undefined) return String((object === 'Account' ? found.Id : found.AccountId) ?? '') || null;
  }
  return null;
}
