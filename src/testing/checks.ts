import { allowanceChecks } from './allowances.ts';
import { appendingChecks } from './appending.ts';
import type { Check } from './check.ts';
import { clockChecks } from './clocks.ts';
import { memoryChecks } from './memory.ts';
import { outageChecks } from './outages.ts';
import { pendingChecks } from './pending.ts';
import { pollChecks } from './polls.ts';
import { provisioningChecks } from './provisioning.ts';
import { readingChecks } from './reading.ts';
import { restingChecks } from './resting.ts';
import { signInChecks } from './signing-in.ts';
import { stormChecks } from './storms.ts';
import { vanishingChecks } from './vanishing.ts';
import { webhookChecks } from './webhooks.ts';
import { writingChecks } from './writing.ts';

/** Every promise of the contract that can be tried from outside, in the order in which they are worth reading. */
export const checks: readonly Check[] = [
  ...signInChecks,
  ...allowanceChecks,
  ...readingChecks,
  ...restingChecks,
  ...vanishingChecks,
  ...clockChecks,
  ...pollChecks,
  ...outageChecks,
  ...writingChecks,
  ...pendingChecks,
  ...appendingChecks,
  ...stormChecks,
  ...webhookChecks,
  ...provisioningChecks,
  ...memoryChecks,
];

/** The last one of all: it looks at what the others left in logs and errors. */
export const secrecy = 'no secret in any log line or error';
