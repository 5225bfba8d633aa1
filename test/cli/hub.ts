/** The hub as a user has it: a process of its own, with its two streams and its exit code. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

export const root = resolve(import.meta.dirname, '../..');
const main = join(root, 'src/cli/main.ts');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Given {
  /** Default: the project. */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Variables of the machine that would change what a command does. */
const foreign = ['DATABASE_URL', 'HUB_KEY', 'NODE_OPTIONS'];

export function startHub(args: readonly string[], { cwd = root, env = {} }: Given = {}) {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !foreign.includes(name)),
  );
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { ...inherited, ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, ended: endOf(child), said: (text: string) => said(child, text) };
}

/** Runs one command to its end. */
export function hub(args: readonly string[], given?: Given): Promise<Ended> {
  return startHub(args, given).ended;
}

/** With `--json`; the only value on stdout, parsed. */
export async function hubJson<T = unknown>(
  args: readonly string[],
  given?: Given,
): Promise<Ended & { value: T }> {
  const ended = await hub([...args, '--json'], given);
  if (ended.stdout === '')
    throw new Error(`hub ${args.join(' ')} printed nothing and ended with ${ended.code}: ${ended.stderr}`);
  return { ...ended, value: oneValue(ended.stdout) as T };
}

/** Throws unless the text is exactly one line with exactly one JSON value. */
export function oneValue(stdout: string): unknown {
  const [line = '', ...rest] = stdout.split('\n');
  if (rest.join('') !== '') throw new Error(`more than one line on stdout: ${stdout.slice(0, 400)}`);
  return JSON.parse(line);
}

function endOf(child: ChildProcessWithoutNullStreams): Promise<Ended> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  child.stdout.setEncoding('utf8').on('data', (text: string) => stdout.push(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
  return new Promise((settle, fail) => {
    child.once('error', fail);
    child.once('close', (code) => settle({ code, stdout: stdout.join(''), stderr: stderr.join('') }));
  });
}

/** Resolves when either stream has said it, with all that it has said until then. */
function said({ stdout, stderr }: ChildProcessWithoutNullStreams, text: string): Promise<string> {
  return new Promise((settle) => {
    for (const stream of [stdout, stderr]) {
      let heard = '';
      stream.on('data', (piece: Buffer | string) => {
        heard += piece;
        if (heard.includes(text)) settle(heard);
      });
    }
  });
}

/** An empty directory with these files in it, removed after the test. */
export function directory(files: Readonly<Record<string, string>> = {}): string {
  const { path, write, remove } = lasting();
  onTestFinished(remove);
  for (const [name, text] of Object.entries(files)) write(name, text);
  return path;
}

/** A directory for several tests; `remove` it in the end. */
export function lasting() {
  const path = mkdtempSync(join(tmpdir(), 'hub-cli-'));
  return {
    path,
    write: (name: string, text: string) => {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
