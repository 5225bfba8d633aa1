/** `hub attribute --touches --people`: credit by the hazard model, from single touches with their times. */
import { fitHazard, type HazardFit } from '../attribution/hazard/fit.ts';
import type { Observations } from '../attribution/hazard/observations.ts';
import { halfLife } from '../attribution/hazard/parameters.ts';
import { readPeople } from '../attribution/hazard/reading/people.ts';
import { readTouches } from '../attribution/hazard/reading/touches.ts';
import { exitCodes, Problem } from '../support/problem.ts';
import type { Invocation } from './invocation.ts';

export const touchInputs: readonly string[] = ['touches', 'people'];

export const touchOptions: Readonly<Record<string, string>> = {
  '--touches <file>': 'CSV of touches: user,channel,time_days',
  '--people <file>': 'CSV of all people, converted or not: user,converted,end_time_days and covariates',
  '--covariates <columns>': 'columns of the people file that move the baseline, such as lead_score,size',
};

export async function attributeTouches(invocation: Invocation): Promise<number> {
  const observations = await read(invocation);
  const fit = fitHazard(observations);
  const rows = rowsOf(observations, fit);
  invocation.print({ model: 'hazard', conversions: fit.conversions, rows }, () =>
    rows.map((row) => Object.values(row).join(',')).join('\n'),
  );
  return exitCodes.done;
}

async function read({ options, signal }: Invocation): Promise<Observations> {
  const { touches, people } = options;
  if (typeof touches !== 'string' || typeof people !== 'string')
    throw new Problem('usage', 'The hazard model needs touches and people.', {
      remedy: 'Give --touches <file> and --people <file>.',
    });
  const covariates = typeof options.covariates === 'string' ? options.covariates.split(',') : [];
  return readTouches(touches, await readPeople(people, covariates, { signal }), { signal });
}

function rowsOf({ channels }: Observations, { shares, parameters, conversions }: HazardFit) {
  const rows = channels.map((channel, index) => ({
    channel,
    conversions: (shares.channels[index] ?? 0) * conversions,
    share: shares.channels[index] ?? 0,
    effect: parameters.effects[index] ?? 0,
    half_life_days: halfLife(parameters.decays[index] ?? 0),
  }));
  const baseline = {
    channel: 'baseline',
    conversions: shares.baseline * conversions,
    share: shares.baseline,
  };
  return [...rows, baseline];
}
