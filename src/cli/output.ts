/** Where a command says things: data on stdout, everything else on stderr. */
import type { Problem } from '../support/problem.ts';
import { terminalText } from '../support/text.ts';
import { spelled } from './spelling.ts';

export interface Output {
  /** Data, once per command: with `--json` the value as one line, else the text. */
  print(value: object, text: () => string): void;
  /** Everything that is not data. */
  say(text: string): void;
  /** A failure: words on stderr, and with `--json` one value on stdout where there is none yet. */
  fail(problem: Problem): void;
}

export interface Streams {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

export function openOutput(json: boolean, { stdout, stderr }: Streams): Output {
  let printed = false;
  // A reader of only the first lines (`| head`) has all they wanted.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const value = (data: object) => {
    if (printed) throw new Error('a command prints one value');
    printed = true;
    stdout.write(`${JSON.stringify(data)}\n`);
  };
  return {
    print: (data, text) => (json ? value(data) : void stdout.write(`${terminalText(spelled(text()))}\n`)),
    say: (text) => void stderr.write(`${terminalText(spelled(text))}\n`),
    fail: (problem) => {
      stderr.write(`${terminalText(spelled(problem.toString()))}\n`);
      if (json && !printed) value({ error: problemData(problem) });
    },
  };
}

/** `also`: what else is wrong, in the same form; absent where it is nothing. */
function problemData({ kind, message, where, remedy, exitCode, also }: Problem): object {
  const data = { kind, exitCode, message, where: where ?? null, remedy: remedy ?? null };
  return also.length > 0 ? { ...data, also: also.map(problemData) } : data;
}
