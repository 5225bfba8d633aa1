/** What a new fit must show before it may credit deals. */
import type { CalibrationGroup } from './calibration.ts';
import type { LossDifference } from './held-out.ts';

export interface Check {
  readonly name: string;
  readonly passed: boolean;
  /** One sentence with the numbers. */
  readonly words: string;
  /** What a deal is told where no fit is in use because of this: the end of a sentence that begins with the model. */
  readonly lack?: string;
}

/** How good a fit is. */
export interface Quality {
  readonly conversions: number;
  readonly converged: boolean;
  /** People who were held out, and what the fit to the others says of them. */
  readonly heldOut: {
    readonly people: number;
    /** Mean loss of a person, in nats; see `logLosses`. */
    readonly logLoss: number;
    /** Against one rate for everybody. */
    readonly againstPlain: LossDifference;
    /** Against the fit that credits deals now, on the same people; null where there is none. */
    readonly againstPromoted: LossDifference | null;
    /** What the promoted fit may be ahead by, a person, only because it has seen these people already. */
    readonly headStart: number;
  };
  readonly calibration: readonly CalibrationGroup[];
}

export interface CheckSettings {
  readonly leastConversions: number;
  /** By how much a group's conversions may miss what was expected, beyond chance: 0.25 is a quarter. */
  readonly calibrationSlack: number;
  /** See `lack` of a check. */
  readonly tooFew?: string;
}

export const usualChecks: CheckSettings = { leastConversions: 300, calibrationSlack: 0.25 };

/** What a deal is told of a fit that has not converged. */
export const notConverged = 'did not converge in its last fit';

/** Chance alone misses by more than this one time in 370. */
const errors = 3;

/** All checks; the fit may be promoted when every one has passed. */
export function checksOf(quality: Quality, settings: CheckSettings = usualChecks): Check[] {
  const { conversions, converged, heldOut, calibration } = quality;
  return [
    {
      name: 'enough conversions',
      passed: conversions >= settings.leastConversions,
      words: `There are ${conversions} conversions; ${settings.leastConversions} are needed.`,
      ...(settings.tooFew === undefined ? {} : { lack: settings.tooFew }),
    },
    {
      name: 'converged',
      passed: converged,
      words: converged ? 'The fit has converged.' : 'The fit has not converged.',
      lack: notConverged,
    },
    {
      name: 'tells more than one rate for everybody',
      passed: heldOut.againstPlain.mean < 0,
      words: `On ${heldOut.people} people whom it has not seen its loss is ${difference(heldOut.againstPlain)} than that of one rate for everybody.`,
    },
    calibrated(calibration, settings.calibrationSlack),
    notWorse(heldOut.againstPromoted, heldOut.headStart),
  ];
}

function calibrated(groups: readonly CalibrationGroup[], slack: number): Check {
  const excess = ({ observed, expected }: CalibrationGroup) =>
    (Math.abs(observed - expected) - errors * Math.sqrt(expected)) / Math.max(expected, 1);
  const worst = groups.reduce((most, group) => (excess(group) > excess(most) ? group : most), {
    observed: 0,
    expected: 0,
  });
  return {
    name: 'calibrated',
    passed: groups.every((group) => excess(group) <= slack),
    words: `Of ${groups.length} groups by risk the one farthest off had ${worst.observed} conversions where ${worst.expected.toFixed(1)} were expected.`,
  };
}

function notWorse(against: LossDifference | null, headStart: number): Check {
  const name = 'not worse than the fit that credits deals now';
  if (!against) return { name, passed: true, words: 'No fit credits deals yet.' };
  return {
    name,
    passed: against.mean <= errors * against.error + headStart,
    words: `On the same people its loss is ${difference(against)} than that of the fit that credits deals now.`,
  };
}

function difference({ mean, error }: LossDifference): string {
  return `${Math.abs(mean).toFixed(5)} ± ${error.toFixed(5)} ${mean > 0 ? 'higher' : 'lower'}`;
}
