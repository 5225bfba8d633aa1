import { expect, it } from 'vitest';
import { onEachDatabase } from './databases.ts';

const [first, second, third] = [
  { key: 'sf|ChatTouch|A', deal: 'sf|Deal|D' },
  { key: 'sf|ChatTouch|B', deal: 'sf|Deal|D' },
  { key: 'sf2|ChatTouch|C', deal: 'sf2|Deal|E' },
];

onEachDatabase('rows that wait for their deals', (databases) => {
  it('are found by their deals and by their connection, and counted', async () => {
    const { heldRows } = await databases.store();
    expect(await heldRows.count()).toEqual({ rows: 0, deals: 0 });
    await heldRows.replace([first.key, second.key, third.key], [third, second, first]);
    expect(await heldRows.count()).toEqual({ rows: 3, deals: 2 });
    expect(await heldRows.of(['sf|Deal|D', 'sf|Deal|E'])).toEqual([first, second]);
    expect(await heldRows.under('sf|')).toEqual([first, second]);
  });

  it('are held anew by each look, or no more', async () => {
    const { heldRows } = await databases.store();
    await heldRows.replace([first.key, second.key], [first, second]);
    await heldRows.replace([first.key, second.key], [{ ...first, deal: 'sf|Deal|F' }]);
    expect(await heldRows.under('sf|')).toEqual([{ ...first, deal: 'sf|Deal|F' }]);
  });

  it('are marked when they are released', async () => {
    const { heldRows, work } = await databases.store();
    await heldRows.replace([first.key, second.key], [first, second]);
    await heldRows.release([first.key]);
    expect(await heldRows.under('sf|')).toEqual([second]);
    expect((await work.claim('push', 9, 1_000)).map(({ key }) => key)).toEqual([first.key]);
  });

  it('are not missed by who looks for them while they are put down', async () => {
    const { heldRows, transaction } = await databases.store();
    const order: string[] = [];
    let letGo: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let isHeld: () => void = () => {};
    const holds = new Promise<void>((resolve) => {
      isHeld = resolve;
    });
    const holding = transaction(async (store) => {
      await store.heldRows.replace([first.key], [first]);
      isHeld();
      await held;
      order.push('held');
    });
    await holds;
    const looking = transaction(async (store) => {
      const found = await store.heldRows.of([first.deal]);
      order.push(`found ${found.length}`);
    });
    letGo();
    await Promise.all([holding, looking]);
    expect(order).toEqual(['held', 'found 1']);
    expect(await heldRows.count()).toEqual({ rows: 1, deals: 1 });
  });
});
