/** Writing to one object: by Collections, or by a bulk job when there is enough of it. */
import type { Context } from '../../../src/connector/contract/context.ts';
import type { Outcome, Sink, Write } from '../../../src/connector/contract/writing.ts';
import { Fault } from '../../../src/connector/fault.ts';
import type { SalesforceConfig } from '../config.ts';
import { connect } from '../wire/connection.ts';
import { sendByBulk } from './bulk.ts';
import { type Desk, recordsPerCall, sendByCollections } from './collections.ts';
import { resolveDeletions } from './resolve.ts';
import { type Group, groupsOf, isAddressed } from './writes.ts';

const nameless = new Fault('rejected', 'the write names no record, neither by id nor by external id', {
  code: 'NO_RECORD_NAMED',
});

export function sinkOf(object: string): Sink<SalesforceConfig> {
  return { batchSize: recordsPerCall, push: (ctx, writes) => push(ctx, object, writes) };
}

async function push(
  ctx: Context<SalesforceConfig>,
  object: string,
  writes: readonly Write[],
): Promise<Outcome[]> {
  const outcomes = new Map<string, Outcome>();
  const decide = (outcome: Outcome) => void outcomes.set(outcome.key, outcome);
  const desk: Desk = { ctx, connection: connect(ctx), object, decide, splits: 0 };
  for (const { key } of writes.filter((write) => !isAddressed(write)))
    decide({ key, status: 'failed', fault: nameless });
  const { size: unaddressed } = outcomes;
  let stopped: Fault | null = null;
  try {
    const addressed = await resolveDeletions(desk, writes.filter(isAddressed));
    for (const group of groupsOf(addressed)) await sendGroup(desk, group);
  } catch (error) {
    if (!(error instanceof Fault) || outcomes.size === unaddressed) throw error;
    stopped = error;
  }
  const fault =
    stopped ??
    new Fault('unavailable', 'Salesforce did not say what became of this write', { code: 'NO_RESULT' });
  return writes.map(({ key }) => outcomes.get(key) ?? { key, status: 'failed', fault });
}

async function sendGroup(desk: Desk, group: Group): Promise<void> {
  const isBulk = group.writes.length > desk.ctx.config.bulkThreshold;
  const writes = isBulk ? await sendByBulk(desk, group) : group.writes;
  await sendByCollections(desk, { ...group, writes });
}
