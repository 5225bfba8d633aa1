/** Fits in words and columns. */
import { wordOf } from '../../attribution/names.ts';
import type { KeptFit } from '../../store/contract/fits.ts';
import { iso } from '../../support/clock.ts';
import type { FitComparison } from '../../sync/fit/compare.ts';
import type { ChatExperiment } from '../../sync/fit/experiment.ts';
import type { Outlook } from '../../sync/fit/outlook.ts';
import { logLossOf, qualityOf } from '../../sync/fit/quality.ts';
import type { Refitted } from '../../sync/fit/refit-model.ts';

export function fitLine(fit: KeptFit): string {
  const { checks } = qualityOf(fit);
  const failed = checks.filter(({ passed }) => !passed).map(({ name }) => name);
  const loss = logLossOf(qualityOf(fit));
  const quality = failed.length === 0 ? `passed ${checks.length} checks` : `failed: ${failed.join(', ')}`;
  const window = `${day(fit.window.from)} to ${day(fit.window.to)}`;
  const conversions = `n = ${fit.counts.conversions ?? 0}`;
  const heldOut = loss === null ? [] : [`held-out loss ${loss.toFixed(4)}`];
  const told = [window, conversions, ...heldOut, quality];
  return `${fit.status.padEnd(9)} ${wordOf(fit.model).padEnd(11)} ${fit.version}  ${told.join('  ')}`;
}

export function refitText({ model, version, why, checks }: Refitted): string {
  const lines = checks.map(({ passed, name, words }) => `  ${passed ? 'ok  ' : 'FAIL'} ${name}: ${words}`);
  return [`${wordOf(model)} ${version ?? ''}`.trim(), ...lines, why].join('\n');
}

export function outlookText(
  version: string,
  { deals, changed, moved, pushes }: Outlook,
  mood: 'would' | 'will',
): string {
  return [
    mood === 'would'
      ? `Promoting ${version} would credit ${deals} deals again; nothing has been changed.`
      : `${version} is promoted; ${deals} deals wait to be credited again (\`hub sync\`, or the server).`,
    `${changed} of them ${mood} show another credit, ${moved} another share by a point or more.`,
    ...pushes.map(({ connection, object, records, changed: own, asks }) => {
      const most = `${connection}: up to ${own} of ${records} ${object} records ${mood} be written`;
      return asks
        ? `${most}; that is more than a push does without asking: look with \`hub plan ${connection}\`, then \`hub push --yes\`.`
        : `${most}.`;
    }),
  ].join('\n');
}

export function comparisonText({ model, from, to, channels, moved, drift, quality }: FitComparison): string {
  const rows = channels.map(
    ({ channel, before, after }) =>
      `  ${channel.padEnd(24)} ${part(before).padStart(8)} ${part(after).padStart(8)}`,
  );
  const failed = (checks: FitComparison['quality']['before']['checks']) =>
    checks.filter(({ passed }) => !passed).length;
  return [
    `${wordOf(model)}: ${from} → ${to}`,
    ...rows,
    `${part(moved)} of all credit goes to another channel.`,
    `Held-out loss: ${loss(quality.before)} before, ${loss(quality.after)} after.`,
    `Checks failed: ${failed(quality.before.checks)} before, ${failed(quality.after.checks)} after.`,
    drift.alarm ? 'DRIFT ALARM' : 'No alarm.',
    ...drift.findings.map(({ level, words }) => `  ${level.padEnd(6)} ${words}`),
  ].join('\n');
}

export function experimentText(experiment: ChatExperiment): string {
  const { window, treated, withheld, known, doubt, version, result } = experiment;
  const arm = ({ people, conversions }: ChatExperiment['treated'], named: number) =>
    `${people} visitors, ${named} known by name, ${conversions} bought`;
  const { lift } = result;
  return [
    `Held out from ${day(window.from)} to ${day(window.to)}; the claim is that of fit ${version}.`,
    `  with chat:    ${arm(treated, known.treated)}`,
    `  without chat: ${arm(withheld, known.withheld)}`,
    `  lift: ${part(lift.value)} (95 % interval ${part(lift.interval.low)} to ${part(lift.interval.high)})`,
    result.words,
    ...(doubt === null ? [] : [`DOUBTFUL: ${doubt}`]),
  ].join('\n');
}

function loss(quality: FitComparison['quality']['before']): string {
  return logLossOf(quality)?.toFixed(4) ?? '–';
}

function part(value: number | null): string {
  return value === null ? '–' : `${(value * 100).toFixed(2)} %`;
}

function day(at: number): string {
  return iso(at).slice(0, 10);
}
