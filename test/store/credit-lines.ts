import type { CreditLine, ModelLines } from '../../src/store/contract/credits.ts';

export function byModel(lines: readonly CreditLine[]): ModelLines[] {
  return [...Map.groupBy(lines, ({ model }) => model)].map(([model, own]) => ({ model, lines: () => own }));
}
