/** Starts hub processes that a test may kill (see `walker.ts`). */
import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WalkerOrder } from './walker.ts';

export interface Walker {
  /** Resolves when it has said this word; rejects with its last words when it ends before. */
  says(word: string): Promise<void>;
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
    says: (word) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!heard.out.split('\n').includes(word)) return;
          child.stdout?.off('data', look);
          resolve();
        };
        child.stdout?.on('data', look);
        child.once('close', () => reject(new Error(`ended before "${word}": ${heard.out} ${heard.errors}`)));
        look();
      }),
    order: (order) => void child.stdin?.write(`${JSON.stringify(order)}\n`),
    dismiss: () => void child.stdin?.end(),
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
    ended,
  };
}

function listen(child: ChildProcess): { out: string; errors: string } {
  const heard = { out: '', errors: '' };
  child.stdin?.on('error', () => undefined);
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    heard.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    heard.errors += text;
  });
  return heard;
}
