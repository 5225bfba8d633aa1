import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import { toy } from '../toy/connector.ts';
import { type Defect, fetching, paging } from './sabotage.ts';

const deleted = 'a deleted record comes as a tombstone';
const merged = 'a merged record names the one that lives on';
const byId = 'reading by id brings each named record once, and tombstones for those that are gone';
const mergedById = 'a record that was merged away is a tombstone when read by id';

export const vanishingDefects: readonly Defect[] = [
  {
    name: 'leaves the dead out',
    toy: reading((record) => (record.tombstone ? [] : [record])),
    caughtBy: [deleted, merged],
  },
  {
    name: 'takes the dead for living',
    toy: reading(({ tombstone: _, ...record }) => [record]),
    caughtBy: [deleted, merged],
  },
  { name: 'takes a merger for a deletion', toy: reading(plainlyDead), caughtBy: [merged] },
  { name: 'buries both sides of a merger', toy: reading((record) => [buried(record)]), caughtBy: [merged] },
  {
    name: 'leaves the dead out when asked for them',
    toy: lookingUp((records) => records.filter(({ tombstone }) => tombstone === undefined)),
    caughtBy: [byId, mergedById],
  },
  {
    name: 'brings a record twice when asked',
    toy: lookingUp((records) => [...records, ...records]),
    caughtBy: [byId],
  },
  {
    name: 'asks for ten records at most',
    toy: lookingUp((records) => records.slice(0, 10)),
    caughtBy: [byId],
  },
  {
    name: 'takes a merger for a deletion when asked',
    toy: lookingUp((records) => records.flatMap(plainlyDead)),
    caughtBy: [mergedById],
  },
];

function reading(change: (record: VendorRecord) => VendorRecord[]) {
  return paging(toy, (page) => ({ ...page, records: page.records.flatMap(change) }));
}

function lookingUp(change: (records: VendorRecord[]) => VendorRecord[]) {
  return fetching(toy, (fetch) => async (ctx, ids) => change(await fetch(ctx, ids)));
}

function plainlyDead(record: VendorRecord): VendorRecord[] {
  return [record.tombstone ? { ...record, tombstone: { kind: 'deleted' } } : record];
}

/** A surviving row has a newer version than its first one. */
function buried(record: VendorRecord): VendorRecord {
  return record.tombstone === undefined && record.version !== '1'
    ? { ...record, tombstone: { kind: 'deleted' } }
    : record;
}
