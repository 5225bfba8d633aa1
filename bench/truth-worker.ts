/**
 * One world of the truth table, in a process of its own: `A 14000 1 all` is world A with 14,000 people and seed 1, credited
 * by all models; `posterior` in the last place leaves out all others.
 */
import { likelyLevel } from '../src/attribution/evidence-words.ts';
import { fitHazard, type HazardSettings, usualSettings } from '../src/attribution/hazard/fit.ts';
import type { Observations } from '../src/attribution/hazard/observations.ts';
import type { Shares } from '../src/attribution/hazard/shares.ts';
import { Channels } from '../src/attribution/journeys/channels.ts';
import { outcomeOf } from '../src/attribution/journeys/sink.ts';
import type { Journey, Model } from '../src/attribution/model.ts';
import { pathModel, usualPathSettings } from '../src/attribution/path-models.ts';
import { fitPosterior } from '../src/attribution/posterior/fit.ts';
import { openPosterior } from '../src/attribution/posterior/open.ts';
import type { PosteriorFit } from '../src/attribution/posterior/parameters.ts';
import { ruleModels } from '../src/attribution/rules.ts';
import { scenarioIds, scenarios } from '../src/attribution/simulate/scenarios.ts';
import { misallocated, simulate, type World } from '../src/attribution/simulate/world.ts';
import { report } from './measure.ts';

type Held = readonly [held: number, all: number];

/** What intervals are of; those without a level are of 95 %. */
export type Intervals = 'shares' | 'baseline' | DealIntervals;
type DealIntervals = 'chats of deals' | 'touches of deals' | 'chats of deals, 80 %';

export interface TruthRun {
  readonly conversions: number;
  /** By model: the part of all credit that went wrong, 0 to 1. */
  readonly wrong: Readonly<Record<string, number>>;
  /** By fit: CPU seconds. */
  readonly seconds: Readonly<Record<string, number>>;
  /** How many intervals of the posterior held the truth, of how many; null where it has not converged. */
  readonly held: Readonly<Record<Intervals, Held>> | null;
}

const dayMs = 86_400_000;

/** Without a channel called Direct, last-non-direct is last; without milestones there are no U, W and full path. */
const rules = ['first', 'last', 'linear', 'time-decay', 'position', 'j-shaped', 'inverse-j'];
/** The ordered Shapley value has the totals of the plain one. */
const pathModels = ['markov:1', 'markov:2', 'markov:3', 'markov:4', 'shapley', 'shapley:markov'];

type Fit = (observations: Observations) => Shares;

const byHazard =
  (settings: Partial<HazardSettings>): Fit =>
  (observations) =>
    fitHazard(observations, { ...usualSettings, ...settings }).shares;

const hazards: readonly (readonly [name: string, covariates: boolean, fit: Fit])[] = [
  ['hazard:map, plain', false, byHazard({ intent: false })],
  ['hazard:map', false, byHazard({})],
  ['hazard:map, lead score', true, byHazard({})],
];

function truthRun(world: World, seed: number, others: boolean): TruthRun {
  const wrong: Record<string, number> = {};
  const seconds: Record<string, number> = {};
  const byPaths = others ? [...ruleShares(world.observations), ...pathShares(world.observations)] : [];
  for (const [name, shares] of byPaths) wrong[name] = misallocated(shares, world.truth);
  const bare = { ...world.observations, covariates: [] };
  const timed = <T>(name: string, work: () => T): T => {
    const before = process.cpuUsage();
    const made = work();
    const { user, system } = process.cpuUsage(before);
    seconds[name] = (user + system) / 1e6;
    return made;
  };
  for (const [name, covariates, sharesBy] of others ? hazards : []) {
    if (covariates && world.observations.covariates.length === 0) continue;
    const shares = timed(name, () => sharesBy(covariates ? world.observations : bare));
    wrong[name] = misallocated(shares, world.truth);
  }
  const fit = timed('posterior', () => fitPosterior(bare, { seed }));
  wrong.posterior = misallocated(creditOf(fit), world.truth);
  const held = fit.diagnostics.converged ? heldBy(fit, world, bare) : null;
  return { conversions: fit.conversions, wrong, seconds, held };
}

/** A posterior that has not converged credits nothing: all of its credit is wrong. */
function creditOf({ channels, baseline, diagnostics }: PosteriorFit): Shares {
  if (!diagnostics.converged) return { channels: channels.map(() => 0), baseline: 0 };
  return { channels: channels.map(({ share }) => share.mean), baseline: baseline.share.mean };
}

/** Journeys with touches only: a conversion without any is not in what these models read. */
function* journeysOf({ channels, channel, time, starts, end, converted }: Observations): Iterable<Journey> {
  for (const [person, did] of converted.entries()) {
    const [from = 0, to = 0] = starts.subarray(person, person + 2);
    if (from === to) continue;
    const touches = Array.from({ length: to - from }, (_, index) => ({
      eventId: String(from + index),
      time: (time[from + index] ?? 0) * dayMs,
      channel: channels[channel[from + index] ?? 0] ?? '',
      type: 'touch',
      person: String(person),
    }));
    yield { touches, conversionTime: (end[person] ?? 0) * dayMs, converted: did === 1, milestones: {} };
  }
}

function ruleShares(observations: Observations): [string, Shares][] {
  const models = ruleModels({ halfLifeDays: 7, directChannels: ['Direct'] }).filter(({ id }) =>
    rules.includes(id),
  );
  const credit = models.map(() => new Map<string, number>());
  for (const journey of journeysOf(observations))
    if (journey.converted)
      models.forEach((model, index) => {
        model.split(journey).shares.forEach((share, touch) => {
          const name = journey.touches[touch]?.channel ?? '';
          credit[index]?.set(name, (credit[index]?.get(name) ?? 0) + share);
        });
      });
  return models.map(({ id }, index) => [id, sharesOf(observations, credit[index] ?? new Map())]);
}

function pathShares(observations: Observations): [string, Shares][] {
  return pathModels.map((name) => {
    const channels = new Channels();
    const model = pathModel(name, channels, usualPathSettings);
    for (const { touches, converted } of journeysOf(observations)) {
      const path = Int32Array.from(touches, ({ channel }) => channels.id(channel));
      model.counts.add(path, path.length, outcomeOf(converted));
    }
    const credit = new Map(model.credit().credit.map((one) => [one.channel, one.conversions]));
    return [name, sharesOf(observations, credit)];
  });
}

function sharesOf({ channels }: Observations, credit: ReadonlyMap<string, number>): Shares {
  const all = [...credit.values()].reduce((sum, one) => sum + one, 0);
  return { channels: channels.map((name) => (credit.get(name) ?? 0) / all), baseline: 0 };
}

function heldBy(fit: PosteriorFit, world: World, observations: Observations): TruthRun['held'] {
  const deals = dealsHeld(world, observations, openPosterior(fit, 'fit'));
  return {
    shares: tally(fit.channels.map(({ share }, id) => within(world.truth.channels[id] ?? 0, share))),
    baseline: tally([within(world.truth.baseline, fit.baseline.share)]),
    'chats of deals': tally(deals['chats of deals']),
    'touches of deals': tally(deals['touches of deals']),
    'chats of deals, 80 %': tally(deals['chats of deals, 80 %']),
  };
}

const mostDeals = 40;

/** For deals with chat touches: the truth is what chats, and all touches, made up of the true rate at the end. */
function dealsHeld(
  { rates }: World,
  observations: Observations,
  { evidence }: Model,
): Record<DealIntervals, boolean[]> {
  const held: Record<DealIntervals, boolean[]> = {
    'chats of deals': [],
    'touches of deals': [],
    'chats of deals, 80 %': [],
  };
  for (const journey of journeysOf(observations)) {
    const all = [...journey.touches.keys()];
    const chats = all.filter((index) => journey.touches[index]?.channel === 'chat');
    if (!journey.converted || chats.length === 0) continue;
    const own = rates.get(Number(journey.touches[0]?.person)) ?? [];
    const isHeld = (touches: readonly number[], level?: number): boolean => {
      const share = sum(touches.map((index) => own[index + 1] ?? 0)) / sum(own);
      const interval = evidence?.interval(journey, touches, 'everything', level);
      return interval !== undefined && interval !== null && within(share, interval);
    };
    held['chats of deals'].push(isHeld(chats));
    held['touches of deals'].push(isHeld(all));
    held['chats of deals, 80 %'].push(isHeld(chats, likelyLevel));
    if (held['chats of deals'].length === mostDeals) break;
  }
  return held;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, one) => all + one, 0);
}

function within(value: number, { low, high }: { low: number; high: number }): boolean {
  return low - 1e-9 <= value && value <= high + 1e-9;
}

function tally(held: readonly boolean[]): [number, number] {
  return [held.filter(Boolean).length, held.length];
}

const [letter, people, seed, models] = process.argv.slice(2);
const id = scenarioIds.find((one) => one === letter) ?? 'A';
report(truthRun(simulate(scenarios[id], Number(people), Number(seed)), Number(seed), models === 'all'));
