/** Worlds whose causes are known: the fit finds them again, within what their size allows. */
import { describe, expect, it } from 'vitest';
import { fitHazard, usualSettings } from '../../../src/attribution/hazard/fit.ts';
import { type ScenarioId, scenarios } from '../../../src/attribution/simulate/scenarios.ts';
import { misallocated, simulate } from '../../../src/attribution/simulate/world.ts';

const people = 30_000;

function world(id: ScenarioId) {
  return simulate(scenarios[id], people, 11);
}

describe('a world where touches add up', () => {
  const { observations, truth } = world('A');
  const fit = fitHazard(observations);

  it('gives back effects and half-lives', () => {
    expect(fit.converged).toBe(true);
    expect(Math.abs(fit.parameters.baseline / scenarios.A.baseline - 1)).toBeLessThan(0.15);
    for (const [index, { name, effect, halfLifeDays }] of scenarios.A.channels.entries()) {
      const found = fit.parameters.channels[index];
      expect(found?.name).toBe(name);
      expect(Math.abs(Math.log((found?.effect ?? 0) / effect))).toBeLessThan(0.6);
      expect(Math.abs(Math.log((found?.halfLifeDays ?? 0) / halfLifeDays))).toBeLessThan(0.6);
    }
  });

  it('credits the true causes', () => {
    expect(misallocated(fit.shares, truth)).toBeLessThan(0.04);
  });

  it('sees no intent where there is none', () => {
    expect(fit.parameters.intent).toBeNull();
  });
});

describe('a world where channels chase intent', () => {
  const { observations, truth } = world('B');
  const blind = { ...observations, covariates: [] };

  it('misleads a fit that knows nothing of intent', () => {
    const { shares } = fitHazard(blind, { ...usualSettings, intent: false });
    expect(misallocated(shares, truth)).toBeGreaterThan(0.07);
  });

  it('is seen through by the touches alone', () => {
    const { shares, parameters } = fitHazard(blind);
    expect(misallocated(shares, truth)).toBeLessThan(0.05);
    for (const [index, { chases }] of scenarios.B.channels.entries()) {
      const pull = parameters.intent?.pulls[parameters.intent.groups[index] ?? 0] ?? 0;
      expect(Math.abs(pull - chases)).toBeLessThan(0.15);
    }
    expect(parameters.intent?.slope).toBeGreaterThan(0.6);
  });

  it('is seen through with a noisy lead score, too', () => {
    const { shares, parameters } = fitHazard(observations, { ...usualSettings, intent: false });
    expect(parameters.covariates[0]?.slope).toBeGreaterThan(0.3);
    expect(misallocated(shares, truth)).toBeLessThan(0.07);
    expect(misallocated(fitHazard(observations).shares, truth)).toBeLessThan(0.05);
  });
});

describe('a world of another kind, where touches multiply', () => {
  it('is still credited about right', () => {
    const { observations, truth } = world('C');
    expect(misallocated(fitHazard(observations).shares, truth)).toBeLessThan(0.08);
  });
});

describe('a fit', () => {
  it('is the same to the last bit when made again', () => {
    const { observations } = simulate(scenarios.B, 5_000, 3);
    const [one, other] = [fitHazard(observations), fitHazard(observations)];
    expect(JSON.stringify(other.parameters)).toBe(JSON.stringify(one.parameters));
    expect(other.shares).toEqual(one.shares);
  });
});
