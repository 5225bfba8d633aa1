/** The log of promotions, read: what credits deals now, what did at a time, and what a rollback leads back to. */
import type { KeptFit, Promotion } from '../contract/fits.ts';

/** The version that credits deals after these lines of one model, and those to which rollbacks would lead. */
export function standing(lines: readonly Promotion[]): { version: string | null; before: readonly string[] } {
  const stack: string[] = [];
  for (const { what, version } of lines) {
    if (what === 'rolled back') stack.pop();
    else if (version !== null) stack.push(version);
  }
  return { version: stack.at(-1) ?? null, before: stack.slice(0, -1) };
}

export function versionAt(lines: readonly Promotion[], at: number): string | null {
  return lines.findLast((line) => line.at <= at)?.version ?? null;
}

export type Career = Pick<KeptFit, 'status' | 'promotedAt' | 'retiredAt'>;

/** What became of one version, by all lines of its model. */
export function careerOf(version: string, lines: readonly Promotion[]): Career {
  const last = lines.findLastIndex((line) => line.version === version);
  const [line, next] = [lines[last], lines[last + 1]];
  if (!line) return { status: 'candidate', promotedAt: null, retiredAt: null };
  return next
    ? { status: 'retired', promotedAt: line.at, retiredAt: next.at }
    : { status: 'promoted', promotedAt: line.at, retiredAt: null };
}
