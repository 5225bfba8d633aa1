/** `hub attribute`: credit by channel from a file of journeys. One module for each kind of input. */
import { Problem } from '../../support/problem.ts';
import type { Cli } from '../command.ts';
import type { Invocation } from '../invocation.ts';
import { formatOptions } from '../text/file-format.ts';
import { attributePaths, pathInputs, pathOptions } from './paths.ts';
import { attributeTouches, touchInputs, touchOptions } from './touches.ts';

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
  options: Object.assign({}, ...kinds.map(({ options }) => options), formatOptions),
  run: (invocation) => {
    const kind = kinds.find(({ inputs }) => inputs.some((input) => input in invocation.options));
    if (kind) {
      refuseForeign(kind, invocation.options);
      return kind.run(invocation);
    }
    const inputs = kinds.flatMap((one) => one.inputs).map((input) => `--${input} <file>`);
    throw new Problem('usage', 'No journeys are given.', { remedy: `Give ${inputs.join(' or ')}.` });
  },
};

/** Files of one kind each: people belong to touches. */
const alternatives: readonly string[] = ['paths', 'journeys', 'touches'];

/** Asked for by every kind. */
const shared: ReadonlySet<string> = new Set(['--model']);

/** Throws for a second input, and for options that this kind of input would not look at. */
function refuseForeign(kind: InputKind, options: Invocation['options']): void {
  const [one, other] = alternatives.filter((input) => input in options);
  if (other !== undefined)
    throw new Problem('usage', `Both --${one} and --${other} are given.`, { remedy: 'Give one of them.' });
  for (const foreign of kinds.filter((each) => each !== kind)) {
    const flag = Object.keys(foreign.options)
      .map((usage) => usage.split(' ')[0] ?? usage)
      .find((each) => !shared.has(each) && isGiven(each, options));
    if (flag === undefined) continue;
    const [input] = kind.inputs.filter((each) => each in options);
    throw new Problem('usage', `${flag} does not go with --${input}.`, {
      remedy: `Leave it out: it belongs to ${foreign.inputs.map((each) => `--${each}`).join(' and ')}.`,
    });
  }
}

/** Commander's name for `--half-life` is `halfLife`, and `--no-intent` makes `intent` false. */
function isGiven(flag: string, options: Invocation['options']): boolean {
  const [, no, words = ''] = /^--(no-)?(.*)$/.exec(flag) ?? [];
  const given = options[words.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())];
  return no ? given === false : given !== undefined;
}
