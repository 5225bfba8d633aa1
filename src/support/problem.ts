/** Exit codes of the command line; also how an error says who has to act. */
export const exitCodes = {
  done: 0,
  failed: 1,
  usage: 2,
  configuration: 3,
  signIn: 4,
  parked: 5,
  interrupted: 130,
} as const;

export type ProblemKind = 'failed' | 'usage' | 'configuration' | 'signIn' | 'interrupted';

export interface ProblemDetails {
  /** Where it happened: a file and line, a connection, a record. */
  where?: string;
  /** What the reader should do next, as an imperative sentence. */
  remedy?: string;
  cause?: unknown;
  /** What else is wrong, so that all of it can be mended in one go. */
  also?: readonly Problem[];
}

/** An error addressed to the person who can act: what happened, where, what to do next. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly where: string | undefined;
  readonly remedy: string | undefined;
  readonly also: readonly Problem[];

  constructor(kind: ProblemKind, message: string, details: ProblemDetails = {}) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.where = details.where;
    this.remedy = details.remedy;
    this.also = details.also ?? [];
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }

  /** For a terminal, a line for each: `where: message remedy`. */
  override toString(): string {
    const place = this.where ? `${this.where}: ` : '';
    const next = this.remedy ? ` ${this.remedy}` : '';
    return [`${place}${this.message}${next}`, ...this.also.map(String)].join('\n');
  }
}

/** Several problems as one; the first decides the exit code. */
export function together(problems: readonly Problem[]): Problem {
  const [first, ...also] = problems;
  if (!first) throw new RangeError('there is no problem');
  const { kind, message, where, remedy, cause } = first;
  return new Problem(kind, message, {
    ...(where === undefined ? {} : { where }),
    ...(remedy === undefined ? {} : { remedy }),
    cause,
    also: [...first.also, ...also],
  });
}
