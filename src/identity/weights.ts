/**
 * How much each field speaks for or against two records being one, as match weights (Fellegi and Sunter 1969, "A
 * Theory for Record Linkage"): log2(m / u), where m is how often two records of one person agree so, and u how often
 * two records of different people do. Weights of fields add up; 10 more is a thousand times as likely. The defaults
 * are those of business contacts: names of one language repeat, addresses hardly ever do.
 */

/** m and u of each way in which two values may compare. Of one field each column adds up to 1. */
const rates = {
  email: { 'the same': [0.8, 0.000_01], different: [0.2, 0.999_99] },
  name: { 'the same': [0.85, 0.000_5], alike: [0.1, 0.004_5], different: [0.05, 0.995] },
  phone: { 'the same': [0.5, 0.000_1], different: [0.5, 0.999_9] },
  organization: { 'the same': [0.8, 0.002], different: [0.2, 0.998] },
  city: { 'the same': [0.7, 0.05], different: [0.3, 0.95] },
  'deal name': { 'the same': [0.6, 0.001], alike: [0.3, 0.01], different: [0.1, 0.989] },
  amount: { 'the same': [0.9, 0.01], different: [0.1, 0.99] },
  'close date': { 'the same': [0.5, 0.01], 'within a month': [0.3, 0.15], different: [0.2, 0.84] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly [m: number, u: number]>>>>;

export type Compared = keyof typeof rates;

export interface Weight {
  readonly field: Compared;
  /** How the two values compare. */
  readonly level: string;
  /** Above 0 it speaks for one, below 0 against. */
  readonly bits: number;
}

export interface Weighed {
  readonly weights: readonly Weight[];
  /** The sum of the weights as they are shown. */
  readonly total: number;
}

/** Field → how its values compare; a field of which one side knows nothing says nothing and is left out. */
export function weigh(compared: Readonly<Partial<Record<Compared, string | null>>>): Weighed {
  const weights = (Object.keys(rates) as Compared[]).flatMap((field): Weight[] => {
    const level = compared[field];
    const rate = level ? ratesOf(field)[level] : undefined;
    return level && rate ? [{ field, level, bits: rounded(Math.log2(rate[0] / rate[1])) }] : [];
  });
  return { weights, total: rounded(weights.reduce((sum, { bits }) => sum + bits, 0)) };
}

function ratesOf(field: Compared): Readonly<Record<string, readonly [number, number]>> {
  return rates[field];
}

/** To a tenth, so that what is shown adds up to what is shown. */
function rounded(bits: number): number {
  return Math.round(bits * 10) / 10;
}
