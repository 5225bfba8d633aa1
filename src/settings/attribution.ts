/** What `attribution:` may say: which models credit deals, and how those that come from data are fitted. */
import { z } from 'zod';
import { idOf } from '../attribution/names.ts';
import { usualRuleSettings } from '../attribution/rulebook.ts';
import { cron } from './cron.ts';
import { touchSettings } from './touches.ts';

const usualModels = [
  'first',
  'last',
  'last-non-direct',
  'linear',
  'time-decay',
  'position',
  'u-shaped',
  'w-shaped',
  'full-path',
  'hazard',
];

const driftSchema = z.strictObject({
  mix: z
    .number()
    .positive()
    .default(0.25)
    .meta({ help: 'Alarm when the mix of channels moves by so much (population stability index).' }),
  rate: z
    .number()
    .min(1)
    .default(1.5)
    .meta({ help: 'Alarm when won deals per day move by this factor, beyond chance.' }),
  share: z
    .number()
    .positive()
    .max(1)
    .default(0.1)
    .meta({ help: 'Alarm when the credit of a channel moves by this part of all credit, beyond chance.' }),
});

const part = z.number().min(0).max(100).default(0);

const customSchema = z
  .strictObject({
    firstTouch: part,
    leadCreated: part,
    dealCreated: part,
    closed: part,
    lastTouch: part,
    others: part,
  })
  .refine((parts) => Math.abs(sum(parts) - 100) < 1e-9, { error: 'the percentages must sum to 100.' });

function sum(parts: Readonly<Record<string, number>>): number {
  return Object.values(parts).reduce((all, one) => all + one, 0);
}

const fields = z.strictObject({
  models: z
    .array(z.string())
    .min(1)
    .default(usualModels)
    .meta({ help: 'The models that credit deals; those that come from data, once a fit is promoted.' }),
  customModels: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'small letters, digits and hyphens.'), customSchema)
    .default({})
    .meta({
      help: 'Rules of your own, by name: percent for the touches at milestones, for the last one, and for all others together.',
      example: { ours: { firstTouch: 10, dealCreated: 60, lastTouch: 20, others: 10 } },
    }),
  creditModel: z.string().optional().meta({
    help: 'The model whose credit is written onto deals. Default: data-driven where it is one of the models, else fallbackModel.',
    example: 'data-driven',
  }),
  fallbackModel: z
    .string()
    .default('time-decay')
    .meta({ help: 'The rule whose credit is written while `creditModel` has no fit that is good enough.' }),
  minConversions: z.int().min(1).optional().meta({
    help: 'A fit to fewer won deals credits no deal at a CRM. Default: 20 for data-driven, 200 for the other models that are fitted.',
    example: 20,
  }),
  baseline: z.enum(['with', 'without']).default('with').meta({
    help: 'Whether what would have happened anyway keeps its share of the written credit, or touches share it out.',
  }),
  lookbackDays: z.int().min(1).max(3650).default(90).meta({
    help: 'How many days before the opening of a deal its touches count, besides all until its end.',
  }),
  window: z.enum(['opened', 'end']).default('opened').meta({
    help: 'Where the look-back begins: at the opening of a deal (and all until its end counts, too), or at its end.',
  }),
  touches: z.enum(['once', 'shared']).default('once').meta({
    help: 'once: a touch that a person had before an earlier deal of theirs was closed, won or lost, is used up; shared: each deal counts it anew.',
  }),
  ...touchSettings,
  halfLifeDays: z
    .number()
    .positive()
    .default(usualRuleSettings.halfLifeDays)
    .meta({ help: 'Time decay: after so many days a touch counts half.' }),
  directChannels: z
    .array(z.string())
    .default([...usualRuleSettings.directChannels])
    .meta({ help: 'Channels that "last non-direct" passes over; in any case, with or without parentheses.' }),
  refit: z
    .union([z.literal('off'), cron])
    .default('23 3 * * *')
    .meta({
      help: 'When to fit the models that come from data again, as a cron expression, or off. The first fit is made as soon as everything has been read once.',
      example: '23 3 * * *',
    }),
  fitDays: z.int().min(30).max(3650).default(730).meta({ help: 'How many days of history a fit looks at.' }),
  covariates: z
    .array(z.string())
    .default([
      'Person.score',
      'log(Organization.employees)',
      'Organization.industry',
      'log(Person.daysKnown)',
      'log(Person.earlierMails)',
    ])
    .meta({
      help: 'What may tell who would have bought anyway: fields that are numbers (log(…) for sizes) or sort people, and what there was of a person before their first touch (daysKnown, earlierMails). One that is the same for everybody is passed over.',
      example: ['Person.score', 'log(Organization.employees)', 'Organization.industry'],
    }),
  resamples: z
    .int()
    .min(20)
    .max(2_000)
    .default(200)
    .meta({ help: 'How many resamples of the data intervals come from.' }),
  seed: z.int().min(0).default(1).meta({ help: 'The same seed and the same data give the same fit.' }),
  leastNews: z.number().min(0).max(1).default(0.01).meta({
    help: 'A new fit that moves a smaller part of all credit than this is not promoted: it says the same.',
  }),
  keepFits: z.int().min(1).default(30).meta({
    help: 'How many of the newest fits of a model are kept. Those that ever credited deals always are.',
  }),
  drift: driftSchema.prefault({}),
});

export const attributionSchema = fields.transform((given) => {
  // A rule of the admin's own keeps the name that it has.
  const named = (name: string) => (Object.hasOwn(given.customModels, name) ? name : idOf(name));
  const models = given.models.map(named);
  const creditModel = named(given.creditModel ?? usualCreditModel({ ...given, models }));
  return { ...given, models, creditModel };
});

/** Data-driven where it can be; a list of models without it once meant position. */
function usualCreditModel({ models, fallbackModel }: z.infer<typeof fields>): string {
  const wanted = ['hazard', 'position', fallbackModel].find((name) => models.includes(name));
  return wanted ?? models[0] ?? fallbackModel;
}

export type AttributionSettings = z.infer<typeof attributionSchema>;
