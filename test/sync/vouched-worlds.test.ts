/** Whatever people do: no record is written with a value whose only source is another record of the same system. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openTestHub } from './hub.ts';
import { anyCourse, type Course, TaggedWorld } from './tagged-world.ts';

async function live({ first, rounds }: Course): Promise<void> {
  const hub = await openTestHub();
  try {
    const world = new TaggedWorld(hub);
    for (const { edits, isAwaited } of [{ edits: first, isAwaited: true }, ...rounds]) {
      for (const edit of edits) {
        await world.make(edit);
        await hub.hub.clock.sleep(60_000);
      }
      await (isAwaited ? hub.quiet(10) : hub.sync());
      expect(world.strays()).toEqual([]);
    }
    await hub.quiet(10);
    expect(world.strays()).toEqual([]);
  } finally {
    await hub.close();
  }
}

it('whatever is said, moved, merged, deleted or decided, each record keeps its own to itself', async () => {
  await fc.assert(fc.asyncProperty(anyCourse, live), { numRuns: 12 });
  // To make a failed world small takes longer than to live all of them.
}, 300_000);
