import { expect, it } from 'vitest';
import type { JobWrite, PushJob } from '../../src/store/contract/push-jobs.ts';
import { onEachDatabase } from './databases.ts';

const job: PushJob = {
  ...{ id: 'j1', connection: 'mk', object: 'leads', job: { batch: 7 }, waitsFor: 'an import of leads' },
  ...{ since: 1_000, resumeAt: 61_000, saidAt: 1_000 },
};

const write = (id: string, more: Partial<JobWrite> = {}): JobWrite => ({
  ...{ id, job: 'j1', connection: 'mk', object: 'leads', kind: 'Person', entityId: `P-${id}` },
  ...{ ref: `mk|leads|external:${id}`, key: `key of ${id}`, op: 'upsert', references: ['owner'] },
  alternateKey: { hubId: id },
  ...{ hubId: null, mapping: 'v1', mark: 3, fault: null },
  withheld: [{ field: 'size', sent: 'huge', code: 'TOO_LONG', message: 'too long' }],
  ...more,
});

onEachDatabase('jobs that writes went by', (databases) => {
  it('are kept with their writes, and put off', async () => {
    const { pushJobs } = await databases.store();
    await pushJobs.keep([job], [write('b'), write('a')]);
    expect(await pushJobs.running('mk')).toEqual([job]);
    expect(await pushJobs.running('other')).toEqual([]);
    expect(await pushJobs.writesOf('j1')).toEqual([write('a'), write('b')]);
    await pushJobs.rest('j1', { waitsFor: 'its results', resumeAt: 99_000, saidAt: 61_000 });
    expect(await pushJobs.get('j1')).toEqual({
      ...job,
      ...{ waitsFor: 'its results', resumeAt: 99_000, saidAt: 61_000 },
    });
  });

  it('leave behind what they refused, until somebody has acted on it', async () => {
    const { pushJobs } = await databases.store();
    await pushJobs.keep([job], [write('a'), write('b')]);
    await pushJobs.collected('j1', new Map([['b', { kind: 'rejected' }]]));
    expect(await pushJobs.get('j1')).toBeNull();
    const refused = write('b', { fault: { kind: 'rejected' } });
    expect(await pushJobs.concerning('mk', ['P-a', 'P-b'], [])).toEqual([refused]);
    await pushJobs.drop(['b']);
    expect(await pushJobs.concerning('mk', ['P-a', 'P-b'], [])).toEqual([]);
  });

  it('have writes that are found by entity and by record, in one system', async () => {
    const { pushJobs } = await databases.store();
    await pushJobs.keep([job], [write('a'), write('b'), write('c', { connection: 'other' })]);
    const found = await pushJobs.concerning('mk', ['P-a', 'P-c'], ['mk|leads|external:b']);
    expect(found.map(({ id }) => id)).toEqual(['a', 'b']);
  });
});
