import { mkdirSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
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

/** Files whose tests open hubs and change nothing that is there for the whole process. */
const hubs = 'test/{sync,http}/**/*.test.ts';

/** Temporary files of the whole suite, with room to spare. */
const roomBytes = 2 * 1024 ** 3;

/**
 * Half of the time of a test that opens a hub went into waiting for a disk to say that a store, which is thrown away a
 * second later, is safe. Where the system has a file system in memory, temporary files go there; no test cuts the power.
 */
function temporaryFiles(): { readonly TMPDIR: string } | undefined {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(memory);
    const folder = join(memory, `hub-tests-${process.getuid?.()}`);
    if (bavail * bsize < roomBytes) return undefined;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return { TMPDIR: folder };
  } catch {
    return undefined;
  }
}

export default defineConfig(({ mode }) => ({
  test: {
    env: { ...temporaryFiles(), ...(mode === 'explore' ? { EXPLORE: '1' } : {}) },
    setupFiles: ['test/seed.ts'],
    // Emulators, stores and child processes are real here; a loaded two-core machine needs room.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    pool: 'forks',
    sequence: { sequencer: QuickFirst },
    projects: [
      // One process for many files: loading the hub and the vendors' SDKs anew took as long as the tests of a file.
      { extends: true, test: { name: 'hubs', include: [hubs], isolate: false } },
      { extends: true, test: { name: 'rooms', include: ['test/**/*.test.ts'], exclude: [hubs] } },
    ],
  },
}));
