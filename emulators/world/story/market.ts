/** The market as tables: how large companies and their deals are, and how a deal of each kind runs. */
import type { DealKind, WorldStage, WorldUser } from '../world.ts';

export type Size = 'small' | 'medium' | 'large';
export const sizeOrder: readonly Size[] = ['small', 'medium', 'large'];

/** Both ends included. */
export type Range = readonly [from: number, to: number];

interface DealSize {
  /** Thousands of dollars. */
  readonly worth: Range;
  /** People of the company who take part. */
  readonly buyers: Range;
  /** Touches from the first one to the end, besides the calls, meetings and mails of sales people. */
  readonly touches: Range;
  /** How many of them are missing where buyers lose interest. */
  readonly fewerIfLost: Range;
  /** From one stage to the next. */
  readonly stageDays: Range;
  /** From the last stage's work until the customer has made up its mind. */
  readonly decisionDays: Range;
  /** From the first touch until the deal is made. */
  readonly leadDays: Range;
}

export const dealSizes: Readonly<Record<Size, DealSize>> = {
  small: {
    ...{ worth: [3, 9], buyers: [1, 2], touches: [1, 4], fewerIfLost: [0, 1] },
    ...{ stageDays: [4, 12], decisionDays: [10, 35], leadDays: [4, 20] },
  },
  medium: {
    ...{ worth: [11, 44], buyers: [2, 3], touches: [3, 6], fewerIfLost: [0, 2] },
    ...{ stageDays: [6, 17], decisionDays: [14, 50], leadDays: [10, 35] },
  },
  large: {
    ...{ worth: [56, 180], buyers: [3, 6], touches: [10, 12], fewerIfLost: [0, 0] },
    ...{ stageDays: [9, 20], decisionDays: [18, 60], leadDays: [20, 45] },
  },
};

interface CompanySize {
  readonly employees: Range;
  /** As often as they stand here. */
  readonly deals: readonly Size[];
}

export const companySizes: Readonly<Record<Size, CompanySize>> = {
  small: { employees: [6, 45], deals: ['small', 'small', 'medium'] },
  medium: { employees: [60, 280], deals: ['small', 'medium', 'medium'] },
  large: { employees: [400, 2_400], deals: ['medium', 'large', 'large'] },
};

interface DealCourse {
  readonly products: readonly string[];
  /** Stages until it is decided. */
  readonly path: readonly WorldStage[];
  /** Share of the decided ones that are won, 0 to 1. */
  readonly winRate: number;
  /** From the first touch until the deal is made, where the size of the deal says nothing of it: customers are talked to long before. */
  readonly leadDays?: Range;
  /** Whose work it is. */
  readonly by: WorldUser['role'];
}

const fromTheStart: readonly WorldStage[] = ['prospecting', 'qualified', 'proposal', 'negotiation'];

export const dealCourses: Readonly<Record<DealKind, DealCourse>> = {
  'new business': {
    products: ['Team plan', 'Enterprise plan', 'Pilot', 'Rollout'],
    path: fromTheStart,
    winRate: 0.5,
    by: 'sales',
  },
  expansion: {
    products: ['Chat add-on', 'More seats', 'Second region'],
    path: fromTheStart,
    winRate: 0.75,
    leadDays: [60, 85],
    by: 'account manager',
  },
  renewal: {
    products: ['Renewal'],
    path: ['qualified', 'proposal', 'negotiation'],
    winRate: 0.88,
    leadDays: [60, 85],
    by: 'account manager',
  },
};

/** Each currency's units to a dollar, round enough to be told from memory. */
export const rates = { USD: 1, EUR: 1, JPY: 150 } as const;
export type Currency = keyof typeof rates;
