/** What a command is. */
import type { Invocation } from './invocation.ts';

/** What the help says of it, without loading it. */
export interface Command {
  /** As commander writes it: `sync [connection]`. */
  readonly usage: string;
  readonly help: string;
  load(): Promise<Cli>;
}

export interface Cli {
  /** Flags as commander writes them, each with its help: `--port <n>`. */
  readonly options?: Readonly<Record<string, string>>;
  /** Resolves with the exit code. `args` in the order of `usage`. */
  run(invocation: Invocation, args: readonly (string | undefined)[]): Promise<number>;
}
