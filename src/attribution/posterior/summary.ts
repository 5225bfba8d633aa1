/** What the chains found, as a fit that can be kept. */
import { touchCounts } from '../hazard/observations.ts';
import { intervalOf } from '../uncertainty/interval.ts';
import { ageOf } from './ages.ts';
import type { Walk } from './converge.ts';
import type { Prepared, Touched } from './ground.ts';
import { informativeOf } from './informative.ts';
import { type ShapeName, shapes } from './kernels.ts';
import { helpFound, movedShares } from './misfit.ts';
import {
  type ChannelDraw,
  type ChannelPosterior,
  drawOf,
  type Estimated,
  type PosteriorFit,
} from './parameters.ts';

const level = 0.95;

export interface Found extends Walk {
  readonly touched: Touched;
  readonly prepared: Prepared;
}

export function summaryOf({ touched, prepared, records, diagnostics }: Found): PosteriorFit {
  const { observations, groups } = touched;
  const { ground, scales, intent } = prepared;
  const conversions = ground.sample.conversions.person.length;
  const kept = thin(
    ground.options.draws,
    records.flatMap(({ rows, drawn, helps }) =>
      rows.map((row, at) => ({ row, drawn: drawn[at] ?? none, helps: helps[at] ?? [] })),
    ),
  );
  const rows = kept.map(({ row }) => row);
  const drawn = kept.map((one) => one.drawn.map((count) => count / conversions));
  const draws = rows.map((row) => drawOf(row, ground.spreads.length));
  const counts = touchCounts(observations);
  const company = {
    members: [...ground.sample.company.members],
    helps: kept.map(({ helps }) => helps),
  };
  const shares = [...counts.keys(), counts.length].map((id) =>
    mean(records.map(({ expected }) => (expected[id] ?? 0) / total(expected))),
  );
  const moved = movedShares(drawn, helpFound(company, groups, shares.slice(0, -1)));
  const share = (id: number): Estimated => ({
    mean: shares[id] ?? 0,
    ...intervalOf(
      moved.map((one) => one[id] ?? 0),
      level,
    ),
  });
  const forms = Array.from({ length: ground.sample.groups }, (_, group) =>
    channelOf(draws.flatMap(({ channels }) => channels[group] ?? [])),
  );
  const slope = (index: number) => estimated(draws.map(({ slopes }) => slopes[index] ?? 0));
  return {
    conversions,
    people: observations.end.length,
    touches: observations.time.length,
    channels: observations.channels.map((name, id) => ({
      name,
      touches: counts[id] ?? 0,
      share: share(id),
      ...(forms[groups[id] ?? 0] ?? channelOf([])),
    })),
    baseline: {
      share: share(observations.channels.length),
      perDay: estimated(draws.map(({ baseline }) => baseline)),
    },
    covariates: scales.map((scale, index) => ({ ...scale, slope: slope(index) })),
    intent: intent && { ...intent, slope: slope(scales.length) },
    causedByDeal: ground.options.causedByDeal,
    leastAge: ageOf(0, ground.longest),
    draws: rows,
    company,
    diagnostics,
    informative: informativeOf(drawn),
  };
}

const none = new Float64Array();

/** About as many as are wanted, evenly taken. */
function thin<T>(wanted: number, all: readonly T[]): T[] {
  const step = Math.max(1, Math.floor(all.length / wanted));
  return all.filter((_, index) => index % step === 0);
}

function channelOf(draws: readonly ChannelDraw[]): Omit<ChannelPosterior, 'name' | 'touches' | 'share'> {
  return {
    effect: estimated(draws.map(({ effect }) => effect)),
    halfLifeDays: estimated(draws.map(({ halfLifeDays }) => halfLifeDays)),
    shapes: Object.fromEntries(
      shapes.map(({ name }, index) => [name, mean(draws.map(({ shape }) => Number(shape === index)))]),
    ) as Record<ShapeName, number>,
    tiring: estimated(draws.map(({ tiring }) => tiring)),
  };
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function estimated(values: readonly number[]): Estimated {
  return { mean: mean(values), ...intervalOf(values, level) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);
}
