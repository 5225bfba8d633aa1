/** Fits in words and columns. */
import type { KeptFit } from '../store/contract.ts';
import { iso } from '../support/clock.ts';
import type { FitComparison } from '../sync/fit/compare.ts';
import type { ChatExperiment } from '../sync/fit/experiment.ts';
import { qualityOf } from '../sync/fit/quality.ts';
import type { Refitted } from '../sync/fit/refit.ts';

export function fitLine(fit: KeptFit): string {
  const { checks } = qualityOf(fit);
  const failed = checks.filter(({ passed }) => !passed).map(({ name }) => name);
  const quality = failed.length === 0 ? `passed ${checks.length} checks` : `failed: ${failed.join(', ')}`;
  const window = `${day(fit.window.from)} to ${day(fit.window.to)}`;
  const conversions = `n = ${fit.counts.conversions ?? 0}`;
  return `${fit.status.padEnd(9)} ${fit.model.padEnd(8)} ${fit.version}  ${window}  ${conversions}  ${quality}`;
}

export function refitText({ model, version, why, checks }: Refitted): string {
  const lines = checks.map(({ passed, name, words }) => `  ${passed ? 'ok  ' : 'FAIL'} ${name}: ${words}`);
  return [`${model} ${version ?? ''}`.trim(), ...lines, why].join('\n');
}

export function comparisonText({ model, from, to, channels, moved, drift, quality }: FitComparison): string {
  const rows = channels.map(
    ({ channel, before, after }) =>
      `  ${channel.padEnd(24)} ${part(before).padStart(8)} ${part(after).padStart(8)}`,
  );
  const failed = (checks: FitComparison['quality']['before']['checks']) =>
    checks.filter(({ passed }) => !passed).length;
  return [
    `${model}: ${from} → ${to}`,
    ...rows,
    `${part(moved)} of all credit goes to another channel.`,
    `Checks failed: ${failed(quality.before.checks)} before, ${failed(quality.after.checks)} after.`,
    drift.alarm ? 'DRIFT ALARM' : 'No alarm.',
    ...drift.findings.map(({ level, words }) => `  ${level.padEnd(6)} ${words}`),
  ].join('\n');
}

export function experimentText({ window, treated, withheld, version, result }: ChatExperiment): string {
  const arm = ({ people, conversions }: ChatExperiment['treated']) =>
    `${people} visitors, ${conversions} bought`;
  const { lift } = result;
  return [
    `Held out from ${day(window.from)} to ${day(window.to)}; the claim is that of fit ${version}.`,
    `  with chat:    ${arm(treated)}`,
    `  without chat: ${arm(withheld)}`,
    `  lift: ${part(lift.value)} (95 % interval ${part(lift.interval.low)} to ${part(lift.interval.high)})`,
    result.words,
  ].join('\n');
}

function part(value: number | null): string {
  return value === null ? '–' : `${(value * 100).toFixed(2)} %`;
}

function day(at: number): string {
  return iso(at).slice(0, 10);
}
