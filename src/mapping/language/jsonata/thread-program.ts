/** Evaluates JSONata in a thread of its own, where an endless expression holds up nothing else. */
import { parentPort } from 'node:worker_threads';
import jsonata from 'jsonata';
import { messageOf } from '../../../support/error-text.ts';
import type { Json } from '../../../support/json.ts';
import { type Evaluated, type Evaluation, type ExpressionLimit, expressionLimits } from './limits.ts';

class Exceeded extends Error {
  readonly limit: ExpressionLimit;

  constructor(limit: ExpressionLimit) {
    super(limit);
    this.limit = limit;
  }
}

/** The library types this for texts alone, though its own hooks are symbols. */
interface Hooks {
  assign(name: string | symbol, value: unknown): void;
}

/** Called before each part of an expression: https://github.com/jsonata-js/jsonata/issues/182 */
const onEntry = Symbol.for('jsonata.__evaluate_entry');

interface Compiled {
  evaluate(input: Json | undefined): Promise<unknown>;
}

const compiled = new Map<string, Compiled>();

function compile(text: string): Compiled {
  const { depth, items } = expressionLimits;
  const expression = jsonata(text, { stack: depth, sequence: items });
  const hooks: Hooks = expression;
  let steps = 0;
  hooks.assign(onEntry, () => {
    steps += 1;
    if (steps > expressionLimits.steps) throw new Exceeded('steps');
  });
  return {
    evaluate: (input) => {
      steps = 0;
      return expression.evaluate(input);
    },
  };
}

async function evaluate({ text, input }: Evaluation): Promise<Evaluated> {
  try {
    const expression = compiled.get(text) ?? compile(text);
    compiled.set(text, expression);
    const result = JSON.stringify(await expression.evaluate(input));
    if (result === undefined) return {};
    if (result.length > expressionLimits.length) return { exceeded: 'length' };
    return { value: JSON.parse(result) as Json };
  } catch (error) {
    const limit = limitOf(error);
    return limit ? { exceeded: limit } : { error: messageOf(error) };
  }
}

/** The library's own codes for its two limits, and what the engine says of texts and calls without end. */
const limits: readonly (readonly [RegExp, ExpressionLimit])[] = [
  [/^D1011$/, 'depth'],
  [/^D201[45]$/, 'items'],
  [/call stack/i, 'depth'],
  [/invalid string length/i, 'length'],
  [/invalid array length/i, 'items'],
];

function limitOf(error: unknown): ExpressionLimit | undefined {
  for (const one of withInner(error)) {
    if (one instanceof Exceeded) return one.limit;
    const text = one instanceof RangeError ? one.message : codeOf(one);
    const limit = limits.find(([pattern]) => pattern.test(text))?.[1];
    if (limit) return limit;
  }
  return undefined;
}

/** `$eval` puts what was thrown inside it into an error of its own, and so on inwards. */
function* withInner(error: unknown): Generator<unknown> {
  for (let one = error; one !== undefined; ) {
    yield one;
    one = typeof one === 'object' && one !== null && 'error' in one ? one.error : undefined;
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

const port = parentPort;
port?.on('message', async (evaluation: Evaluation) => port.postMessage(await evaluate(evaluation)));
port?.postMessage('ready');
