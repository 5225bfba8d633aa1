/** What a look at a mapping finds, before its file is known. */
import { Problem } from '../../support/problem.ts';

export interface Finding {
  readonly line: number;
  readonly message: string;
  readonly remedy: string;
}

/** In the order of the file. */
export function problemsOf(file: string, findings: readonly Finding[]): Problem[] {
  return [...findings]
    .sort((a, b) => a.line - b.line)
    .map(
      ({ line, message, remedy }) =>
        new Problem('configuration', message, { where: `${file}:${line}`, remedy }),
    );
}
