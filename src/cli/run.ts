/** Parses the command line, runs one command, turns whatever happens into an exit code and a readable sentence. */
import { Command as Commander, CommanderError } from 'commander';
import { packageVersion } from '../app/package.ts';
import { Fault } from '../connector/fault.ts';
import { isLostConnection } from '../store/database/lost-connection.ts';
import { storeProblem } from '../store/database/probe.ts';
import { exitCodes, Problem } from '../support/problem.ts';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { type Invocation, invocation } from './invocation.ts';
import { type Output, openOutput, type Streams } from './output.ts';

/** Service managers wait for ten seconds, and then end a process with all that it was about to say. */
const patienceMs = 8_000;

/** Resolves with the exit code; never throws. */
export async function run(argv: readonly string[], streams: Streams = process): Promise<number> {
  const interrupt = new AbortController();
  let byHand = false;
  const stop = (signal: NodeJS.Signals) => {
    byHand ||= signal === 'SIGINT';
    interrupt.abort(new Problem('interrupted', 'Interrupted.'));
    // Whatever does not hear of it is broken off: nothing is lost by that, for every step is kept as a whole.
    setTimeout(() => {
      output.say(
        `Not at its end ${patienceMs / 1_000} seconds after ${signal}: broken off. The next start goes on from here.`,
      );
      process.exit(exitCodes.interrupted);
    }, patienceMs).unref();
  };
  const output = openOutput(argv.includes('--json'), streams);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const deaf = () => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  try {
    const code = await dispatch(argv, { signal: interrupt.signal, output, deaf });
    // What runs until it is told to stop has done its work when the system tells it (SIGTERM).
    return byHand ? exitCodes.interrupted : code;
  } catch (error) {
    const problem = asProblem(interrupt.signal.aborted ? interrupt.signal.reason : error);
    output.fail(problem);
    return problem.exitCode;
  } finally {
    deaf();
  }
}

interface Circumstances {
  readonly signal: AbortSignal;
  readonly output: Output;
  /** Leaves signals to the system. */
  deaf(): void;
}

async function dispatch(argv: readonly string[], { signal, output, deaf }: Circumstances): Promise<number> {
  const call: Call = { invocation: invocation(signal, output), deaf, code: exitCodes.done };
  const program = openProgram(output);
  for (const command of commands) addCommand(program, command, call);
  try {
    await program.parseAsync(helpLast(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.done;
    throw usageProblem(error);
  }
  return call.code;
}

function openProgram({ print, say }: Output): Commander {
  return new Commander('hub')
    .description('Connector hub: two-way sync of chatbot and CRMs, with chat credit on every deal.')
    .version(packageVersion(), '-V, --version', 'the version of the hub')
    .option('-c, --config <file>', 'configuration file (default: config/hub.yaml)')
    .option('--json', 'one JSON object on stdout and nothing else there')
    .option('--log <level>', 'debug, info, warn, error or silent')
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => print(asked(text), () => text.trimEnd()),
      writeErr: (text) => say(text.trimEnd()),
      // Reported where it is caught.
      outputError: () => undefined,
    });
}

/** Help or version. */
function asked(text: string): object {
  return text.trimEnd() === packageVersion() ? { version: text.trimEnd() } : { help: text.trimEnd() };
}

/** `help sync` is `sync --help`, by the way on which the command with its options is loaded. */
function helpLast(argv: readonly string[]): readonly string[] {
  return argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
}

/** What the chosen command is run with, and what it came to. */
interface Call {
  readonly invocation: Invocation;
  readonly deaf: () => void;
  code: number;
}

/** The command itself is loaded when it is chosen, and only then are its options known. */
function addCommand(program: Commander, { usage, help, load }: Command, call: Call): void {
  const command = program.command(usage).description(help);
  program.hook('preSubcommand', async (_, chosen) => {
    if (chosen !== command) return;
    const cli = await load();
    for (const [flag, words] of Object.entries(cli.options ?? {})) command.option(flag, words);
    command.action(async (...given: unknown[]) => {
      const args = given.slice(0, -2).map((value) => (typeof value === 'string' ? value : undefined));
      if (cli.endsAtOnce) call.deaf();
      const { needsConfiguration = false } = cli;
      const options = { ...program.opts(), ...command.opts(), needsConfiguration };
      call.code = await cli.run(call.invocation.with(options), args);
    });
  });
}

function usageProblem({ code, message }: CommanderError): Problem {
  if (code === 'commander.help') return new Problem('usage', 'No command is given.');
  const [words = '', meant] = message.replace(/^error: /, '').split('\n');
  const sentence = `${words.charAt(0).toUpperCase()}${words.slice(1)}`.replace(/\.?$/, '.');
  return new Problem('usage', sentence, {
    remedy: meant ? meant.replace(/^\((.*)\)$/, '$1') : '`--help` shows what there is.',
  });
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Fault) return faultProblem(error);
  const stored = storeProblem(error);
  if (stored) return stored;
  if (isLostConnection(error)) {
    return new Problem('failed', `The database does not answer any more: ${error.message}.`, {
      remedy:
        'See that it runs, then run the command again: what was done is kept, and the rest is done then.',
      cause: error,
    });
  }
  return new Problem('failed', error instanceof Error ? (error.stack ?? error.message) : String(error));
}

function faultProblem(fault: Fault): Problem {
  const { kind, message, connection } = fault;
  const about = { cause: fault, ...(connection === undefined ? {} : { where: connection }) };
  if (kind !== 'unauthorized') return new Problem('failed', message, about);
  const whose = connection === undefined ? 'the credentials' : `the credentials of ${connection}`;
  const remedy = `Check ${whose} in the configuration, then run \`hub check\`.`;
  return new Problem('signIn', message.replace(/[^.!?)]$/, '$&.'), { ...about, remedy });
}
