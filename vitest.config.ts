import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Rooms whose tests take the longest, for they open whole hubs: last while somebody waits for an answer. */
const slow = /\/test\/(sync|http|cli|app|testing|connectors|emulator)\//;

/** For `npm run dev`: what is near the change and quick answers first. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    if (!this.ctx.config.watch) return sorted;
    const rank = ({ moduleId }: TestSpecification) => Number(slow.test(moduleId));
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Emulators, stores and child processes are real here; a loaded two-core machine needs room.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    pool: 'forks',
    sequence: { sequencer: QuickFirst },
  },
});
