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
  /**
   * It writes nothing, so the system may end it where it stands; and must, for a long computation would not
   * hear of an interrupt.
   */
  readonly endsAtOnce?: true;
  /** It works on for good, or keeps or writes something: the demo does not stand in for a configuration that is not there. */
  readonly needsConfiguration?: true;
  /** Resolves with the exit code. `args` in the order of `usage`. */
  run(invocation: Invocation, args: readonly (string | undefined)[]): Promise<number>;
}
