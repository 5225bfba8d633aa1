import { expect, it } from 'vitest';
import { onEachDatabase, start } from './databases.ts';

onEachDatabase('versions of the files', (databases) => {
  it('go back for all who work on one store, though the file that was put back is an old one', async () => {
    const place = await databases.place();
    const [one, other] = [await databases.store(place), await databases.store(place)];
    const [first, second] = [
      { name: 'fold', version: 'first', editedAt: start },
      { name: 'fold', version: 'second', editedAt: start + 60_000 },
    ];
    for (const own of [first, second]) for (const { editions } of [one, other]) await editions.adopt([own]);
    await one.editions.adopt([first]);
    expect(await other.editions.adopt([first])).toMatchObject([{ outcome: 'adopted' }]);
    expect(await one.editions.hold('fold')).toEqual(new Map([['fold', 'first']]));
  });
});
