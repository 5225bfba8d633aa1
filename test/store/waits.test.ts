import { expect, it } from 'vitest';
import { onEachDatabase, start } from './databases.ts';

onEachDatabase('what writes wait for', (databases) => {
  it('marks what waits when the awaited comes, once', async () => {
    const { waits, work } = await databases.store();
    await waits.replace(
      ['sf|Touch|T', 'sf|Touch|U'],
      [
        { awaited: 'D', key: 'sf|Touch|T', expected: true },
        { awaited: 'E', key: 'sf|Touch|T', expected: true },
        { awaited: 'D', key: 'sf|Touch|U', expected: false },
      ],
    );
    expect(await waits.count()).toBe(1);
    expect(await waits.list(9)).toEqual([
      { awaited: 'D', key: 'sf|Touch|T', expected: true },
      { awaited: 'E', key: 'sf|Touch|T', expected: true },
    ]);
    expect(await waits.wake(['F'])).toBe(0);
    expect(await waits.wake(['D'])).toBe(2);
    expect((await work.claim('push', 9, 1_000)).map(({ key }) => key)).toEqual(['sf|Touch|T', 'sf|Touch|U']);
    expect(await waits.wake(['D'])).toBe(0);
    // What waits for two is looked at again when either comes.
    expect(await waits.list(9)).toEqual([{ awaited: 'E', key: 'sf|Touch|T', expected: true }]);
    await waits.replace(['sf|Touch|T'], []);
    expect(await waits.count()).toBe(0);
  });

  it('is not among what is overdue while it is only postponed', async () => {
    const { work } = await databases.store();
    await work.mark('push', ['sf|Person|P', 'sf|Person|Q']);
    const claims = await work.claim('push', 9, 1_000);
    expect(claims.map(({ markedAt }) => markedAt)).toEqual([start, start]);
    expect(await work.overdue()).toBe(2);
    await work.postpone(claims.slice(0, 1), start + 600_000);
    expect(await work.overdue()).toBe(1);
    await work.retry(claims.slice(1), start + 600_000);
    expect(await work.overdue()).toBe(1);
    databases.clock.advance(600_000);
    expect(await work.overdue()).toBe(2);
    expect((await work.claim('push', 9, 1_000)).map(({ attempts }) => attempts)).toEqual([0, 1]);
  });

  it('is not among it either when it was tried before, and has come so far that it only waits', async () => {
    const { work } = await databases.store();
    await work.mark('push', ['sf|Person|P']);
    const now = databases.clock.now();
    await work.retry(await work.claim('push', 9, 1_000), now);
    await work.postpone(await work.claim('push', 9, 1_000), now + 600_000);
    expect(await work.overdue()).toBe(0);
    expect(await work.overdue({ stage: 'push', prefix: 'sf|Person|' })).toBe(0);
    await work.mark('push', ['sf|Person|Q', 'sf|Deal|D']);
    expect(await work.overdue({ stage: 'push', prefix: 'sf|Person|' })).toBe(1);
  });

  it('outlives a restart', async () => {
    const place = await databases.place();
    const first = await databases.store(place);
    await first.waits.replace(['k'], [{ awaited: 'D', key: 'k', expected: true }]);
    await first.close();
    const second = await databases.store(place);
    expect(await second.waits.wake(['D'])).toBe(1);
  });

  it('does not pass by whoever replaces the awaited at that moment', async () => {
    const { waits, facts, transaction } = await databases.store();
    const woken = { number: -1 };
    let letGo: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const resolving = transaction(async (store) => {
      await store.facts.components([], 1);
      await held;
      woken.number = await store.waits.wake(['D']);
    });
    const noting = transaction(async (store) => {
      await store.waits.replace(['k'], [{ awaited: 'D', key: 'k', expected: true }]);
    });
    letGo();
    await Promise.all([resolving, noting]);
    // Whichever came first: what was noted afterwards is looked for once more by whoever noted it.
    const left = await waits.wake(['D']);
    expect(woken.number + left).toBe(1);
    expect(await facts.contributions(['none'])).toEqual([]);
  });
});

onEachDatabase('refused values', (databases) => {
  it('are kept by record and field, found by record or key, and dropped', async () => {
    const { refusals } = await databases.store();
    const refusal = {
      ref: 'sf|Contact|1',
      field: 'Title',
      key: 'sf|Person|P',
      sent: 'x',
      code: 'STRING_TOO_LONG',
      message: 'data value too large',
      mapping: 'v1',
      described: '',
      at: start,
    };
    await refusals.keep([refusal, { ...refusal, field: 'Phone', sent: null }]);
    await refusals.keep([{ ...refusal, sent: 'y' }]);
    expect(await refusals.of(['sf|Contact|1', 'sf|Contact|2'])).toEqual([
      { ...refusal, field: 'Phone', sent: null },
      { ...refusal, sent: 'y' },
    ]);
    expect(await refusals.under('sf|Person|')).toHaveLength(2);
    expect(await refusals.under('hs|')).toEqual([]);
    await refusals.drop([{ ref: 'sf|Contact|1', field: 'Title' }]);
    expect((await refusals.of(['sf|Contact|1'])).map(({ field }) => field)).toEqual(['Phone']);
  });
});
