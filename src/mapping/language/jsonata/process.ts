/**
 * Hands JSONata to a process of its own. A thread would not do: one text of a few hundred megabytes ends the whole
 * process that its thread is in. The event loop of the hub stays free, so that an endless expression delays no
 * answer and no signal.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Evaluated, type Evaluation, expressionLimits } from './limits.ts';

interface Pending {
  readonly evaluation: Evaluation;
  readonly resolve: (answer: Evaluated) => void;
  readonly reject: (error: Error) => void;
}

/** How many expressions are on their way at once: the next one waits at the other end, not on this one. */
const window = 64;

class ExpressionProcess {
  #child: ChildProcess | null = null;
  /** In the order in which they are answered; the first `#sent` are on their way. */
  readonly #pending: Pending[] = [];
  #sent = 0;
  /** So many go one by one: the process died with them, and only one that is alone is known to be the cause. */
  #suspects = 0;

  evaluate(evaluation: Evaluation): Promise<Evaluated> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ evaluation, resolve, reject });
      this.#send();
    });
  }

  abandon(): void {
    const child = this.#child;
    if (!child) return;
    this.#suspects = 0;
    this.#failed(child, new Error('Given up: nobody waits for it any more.'));
    child.kill('SIGKILL');
  }

  #send(): void {
    this.#child ??= this.#start();
    const child = this.#child;
    const room = this.#suspects > 0 ? 1 : window;
    while (this.#sent < Math.min(room, this.#pending.length)) {
      const next = this.#pending[this.#sent];
      this.#sent += 1;
      if (next) child.send(next.evaluation, () => undefined);
    }
    keepAlive(child, this.#pending.length > 0);
  }

  #start(): ChildProcess {
    const { TZ } = process.env;
    const child = fork(fileURLToPath(new URL(program, import.meta.url)), {
      execArgv: [`--max-old-space-size=${2 * expressionLimits.memory}`],
      // It needs no secret, and what it has to say comes as a message.
      env: TZ === undefined ? {} : { TZ },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    child.on('message', (answer: Evaluated) => {
      if (this.#child === child) this.#settle((first) => first.resolve(answer));
    });
    child.once('exit', () => this.#ended(child));
    child.once('error', (error) => this.#failed(child, error));
    return child;
  }

  #settle(settle: (first: Pending) => void): void {
    const first = this.#pending.shift();
    if (!first) return;
    this.#sent -= 1;
    this.#suspects = Math.max(0, this.#suspects - 1);
    settle(first);
    this.#send();
  }

  /** Died by what it was at: by the only one, or by one of several, which are then tried one by one. */
  #ended(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#child = null;
    const sent = this.#sent;
    if (sent === 1) this.#settle((first) => first.resolve({ exceeded: 'memory' }));
    if (sent < 2) return;
    this.#sent = 0;
    this.#suspects = sent;
    this.#send();
  }

  #failed(child: ChildProcess, error: Error): void {
    if (this.#child !== child) return;
    this.#child = null;
    this.#sent = 0;
    for (const { reject } of this.#pending.splice(0)) reject(error);
  }
}

/** The source in a checkout, the compiled file in a package. */
const program = import.meta.url.endsWith('.ts') ? './process-program.ts' : './process-program.js';

/** An idle process is no reason for this one to go on. */
function keepAlive(child: ChildProcess, busy: boolean): void {
  if (busy) child.ref();
  else child.unref();
  if (busy) child.channel?.ref();
  else child.channel?.unref();
}

/** One for the whole hub, from its first expression on. */
const expressions = new ExpressionProcess();

export function evaluateApart(evaluation: Evaluation): Promise<Evaluated> {
  return expressions.evaluate(evaluation);
}

/** What is on its way is given up: an endless one would keep this process from its end, and the next one waiting. */
export function abandonEvaluations(): void {
  expressions.abandon();
}
