/** Each check of the kit is shown a connector that is wrong in one point; those meant for it notice, no others. */
import { describe, expect, it } from 'vitest';
import { allowanceChecks } from '../../src/testing/allowances.ts';
import { appendingChecks } from '../../src/testing/appending.ts';
import type { Check } from '../../src/testing/check.ts';
import { clockChecks } from '../../src/testing/clocks.ts';
import { assertSecrecy, runTrial } from '../../src/testing/conformance.ts';
import { Evidence } from '../../src/testing/evidence.ts';
import { memoryChecks } from '../../src/testing/memory.ts';
import { outageChecks } from '../../src/testing/outages.ts';
import { pendingChecks } from '../../src/testing/pending.ts';
import { pollChecks } from '../../src/testing/polls.ts';
import { provisioningChecks } from '../../src/testing/provisioning.ts';
import { readingChecks } from '../../src/testing/reading.ts';
import { restingChecks } from '../../src/testing/resting.ts';
import { signInChecks } from '../../src/testing/signing-in.ts';
import { stormChecks } from '../../src/testing/storms.ts';
import { vanishingChecks } from '../../src/testing/vanishing.ts';
import { webhookChecks } from '../../src/testing/webhooks.ts';
import { writingChecks } from '../../src/testing/writing.ts';
import { allowanceDefects } from './defects/allowances.ts';
import { appendingDefects } from './defects/appending.ts';
import { clockDefects } from './defects/clocks.ts';
import { memoryDefects } from './defects/memory.ts';
import { outageDefects } from './defects/outages.ts';
import { pendingDefects } from './defects/pending.ts';
import { pollDefects } from './defects/polls.ts';
import { provisioningDefects } from './defects/provisioning.ts';
import { readingDefects } from './defects/reading.ts';
import { restingDefects } from './defects/resting.ts';
import { checking, type Defect } from './defects/sabotage.ts';
import { signInDefects } from './defects/signing-in.ts';
import { stormDefects } from './defects/storms.ts';
import { vanishingDefects } from './defects/vanishing.ts';
import { webhookDefects } from './defects/webhooks.ts';
import { writingDefects } from './defects/writing.ts';
import { toy } from './toy/connector.ts';
import { toySubject } from './toy/subject.ts';

const areas: readonly { area: string; checks: readonly Check[]; defects: readonly Defect[] }[] = [
  { area: 'signing in', checks: signInChecks, defects: signInDefects },
  { area: 'allowances', checks: allowanceChecks, defects: allowanceDefects },
  { area: 'reading', checks: readingChecks, defects: readingDefects },
  { area: 'rests, parts and lists', checks: restingChecks, defects: restingDefects },
  { area: 'vanishing records', checks: vanishingChecks, defects: vanishingDefects },
  { area: 'clocks', checks: clockChecks, defects: clockDefects },
  { area: 'polls', checks: pollChecks, defects: pollDefects },
  { area: 'outages', checks: outageChecks, defects: outageDefects },
  { area: 'writing', checks: writingChecks, defects: writingDefects },
  { area: 'pending writes', checks: pendingChecks, defects: pendingDefects },
  { area: 'events', checks: appendingChecks, defects: appendingDefects },
  { area: 'storms', checks: stormChecks, defects: stormDefects },
  { area: 'webhooks', checks: webhookChecks, defects: webhookDefects },
  { area: 'provisioning', checks: provisioningChecks, defects: provisioningDefects },
  { area: 'memory', checks: memoryChecks, defects: memoryDefects },
];

/** Names of the checks that a connector fails. */
async function failing({ toy, subject: change }: Defect, checks: readonly Check[]): Promise<string[]> {
  const subject = { ...toySubject(toy), ...change };
  const failed: string[] = [];
  for (const check of checks) {
    for (const trial of check.trials(subject)) {
      await runTrial(trial, subject, new Evidence()).catch(() => failed.push(check.name));
    }
  }
  return failed;
}

describe.each(areas)('checks of $area', ({ checks, defects }) => {
  it.each(defects)('notice a connector that $name', async (defect) => {
    expect((await failing(defect, checks)).toSorted()).toEqual(defect.caughtBy.toSorted());
  });

  it('can each fail', () => {
    const caught = new Set(defects.flatMap(({ caughtBy }) => caughtBy));
    expect(checks.map(({ name }) => name).filter((name) => !caught.has(name))).toEqual([]);
  });
});

describe('the look at logs and errors', () => {
  it('notices a connector that writes a secret in another spelling', async () => {
    const evidence = new Evidence();
    const talkative = checking(toy, (check, ctx) => {
      ctx.log.info({ basic: Buffer.from(ctx.config.clientSecret).toString('base64') }, 'signs in');
      return check(ctx);
    });
    const subject = toySubject(talkative);
    for (const trial of signInChecks.flatMap((one) => one.trials(subject)))
      await runTrial(trial, subject, evidence);
    expect(() => assertSecrecy(evidence)).toThrow(/log line/);
  });
});
