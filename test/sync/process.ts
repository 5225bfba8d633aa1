/** Starts hub processes that a test may kill (see `walker.ts`). */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WalkerOrder } from './walker.ts';

export interface Walker {
  /** The first line that it says which begins like this; rejects with its last words when it ends before. */
  says(beginning: string): Promise<string>;
  order(order: WalkerOrder): void;
  /** Ends its input: what works until then comes to its end. */
  dismiss(): void;
  kill(): Promise<void>;
  readonly ended: Promise<void>;
}

/** Compiled once for all processes of a run: half of what starting one takes. */
const compiled = join(tmpdir(), 'hub-test-compiled');

export function startWalkerProcess(): Walker {
  const env = { ...process.env, NODE_COMPILE_CACHE: compiled };
  const child = spawn(process.execPath, [join(import.meta.dirname, 'walker.ts')], { env });
  const heard = listen(child);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    says: (beginning) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const line = heard.out.split('\n').find((one) => one.startsWith(beginning));
          if (line === undefined) return;
          child.stdout.off('data', look);
          resolve(line);
        };
        child.stdout.on('data', look);
        child.once('close', () =>
          reject(new Error(`ended before "${beginning}": ${heard.out} ${heard.errors}`)),
        );
        look();
      }),
    order: (order) => void child.stdin.write(`${JSON.stringify(order)}\n`),
    dismiss: () => void child.stdin.end(),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    ended,
  };
}

function listen(child: ChildProcessWithoutNullStreams): { out: string; errors: string } {
  const heard = { out: '', errors: '' };
  child.stdin.on('error', () => undefined);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    heard.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    heard.errors += text;
  });
  return heard;
}
