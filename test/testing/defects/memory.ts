import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import { toy } from '../toy/connector.ts';
import { type Defect, paging } from './sabotage.ts';

const flat = 'memory stays flat over very many records';

export const memoryDefects: readonly Defect[] = [
  { name: 'keeps all that it has read', toy: keeping(), caughtBy: [flat] },
  {
    name: 'stops before the end',
    toy: paging(toy, (page, n) => (n > 50 ? { ...page, records: [] } : page)),
    caughtBy: [flat],
  },
];

function keeping() {
  const kept: VendorRecord[] = [];
  return paging(toy, (page) => {
    kept.push(...page.records);
    return page;
  });
}
