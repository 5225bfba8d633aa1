/** Parses the command line, runs one command, turns whatever happens into an exit code and a readable sentence. */
import { Command, CommanderError } from 'commander';
import { Fault } from '../connector/fault.ts';
import { exitCodes, Problem } from '../support/problem.ts';
import { commands } from './commands.ts';
import { type Invocation, invocation } from './invocation.ts';

/** Resolves with the exit code; never throws. */
export async function run(argv: readonly string[]): Promise<number> {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort(new Problem('interrupted', 'Interrupted.'));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    return await dispatch(argv, invocation(interrupt.signal));
  } catch (error) {
    return explain(interrupt.signal.aborted ? interrupt.signal.reason : error);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

async function dispatch(argv: readonly string[], invocation: Invocation): Promise<number> {
  let code: number = exitCodes.done;
  const program = new Command('hub')
    .description('Connector hub: two-way sync of chatbot and CRMs, with chat credit on every deal.')
    .option('-c, --config <file>', 'configuration file (default: config/hub.yaml, else config/demo.yaml)')
    .option('--json', 'one JSON value on stdout')
    .option('--log <level>', 'debug, info, warn, error or silent')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => process.stderr.write(text),
      writeErr: (text) => process.stderr.write(text),
    });
  for (const command of commands) {
    const sub = program
      .command(command.usage)
      .description(command.help)
      .option('--json', 'one JSON value on stdout');
    for (const [flag, help] of Object.entries(command.options ?? {})) sub.option(flag, help);
    sub.action(async (...given: unknown[]) => {
      const args = given.slice(0, -2).map((value) => (typeof value === 'string' ? value : undefined));
      code = await command.run(invocation.with({ ...program.opts(), ...sub.opts() }), args);
    });
  }
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  }
  return code;
}

function explain(error: unknown): number {
  if (error instanceof Problem) {
    process.stderr.write(`${error.toString()}\n`);
    return error.exitCode;
  }
  if (error instanceof Fault) {
    process.stderr.write(`${error.message}\n`);
    return error.kind === 'unauthorized' ? exitCodes.signIn : exitCodes.failed;
  }
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.failed;
}
