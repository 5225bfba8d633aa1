/** `hub attribute`: credit by channel from a file of journeys. One module for each kind of input. */
import { Problem } from '../support/problem.ts';
import { attributePaths, pathInputs, pathOptions } from './attribute-paths.ts';
import { attributeTouches, touchInputs, touchOptions } from './attribute-touches.ts';
import type { Cli } from './command.ts';
import type { Invocation } from './invocation.ts';

interface InputKind {
  /** Options that name its files: one of them given means this kind. */
  readonly inputs: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  run(invocation: Invocation): Promise<number>;
}

const kinds: readonly InputKind[] = [
  { inputs: pathInputs, options: pathOptions, run: attributePaths },
  { inputs: touchInputs, options: touchOptions, run: attributeTouches },
];

export const attribute: Cli = {
  endsAtOnce: true,
  options: Object.assign({}, ...kinds.map(({ options }) => options)),
  run: (invocation) => {
    const kind = kinds.find(({ inputs }) => inputs.some((input) => input in invocation.options));
    if (kind) return kind.run(invocation);
    const inputs = kinds.flatMap((one) => one.inputs).map((input) => `--${input} <file>`);
    throw new Problem('usage', 'No journeys are given.', { remedy: `Give ${inputs.join(' or ')}.` });
  },
};
