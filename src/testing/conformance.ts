/**
 * The conformance kit: one call tries every promise of the connector contract on a connector and its emulator.
 *
 *     connectorConformance({ connector: acme, emulator: acmeEmulator, signIn: …, streams: […], sinks: […] });
 *
 * A known gap is a waiver; it shows as a skipped test with its reason in the name.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'vitest';
import type { JsonObject } from '../support/json.ts';
import { Bench } from './bench.ts';
import type { Trial } from './check.ts';
import { checks, secrecy } from './checks.ts';
import { Evidence } from './evidence.ts';
import type { ConformanceSubject, Waiver } from './subject.ts';

export function connectorConformance<C>(subject: ConformanceSubject<C>): void {
  const evidence = new Evidence();
  const trials = checks.flatMap((check) => check.trials(subject));
  describe(`${subject.connector.title} keeps the connector contract`, () => {
    for (const trial of trials) {
      const waiver = waiverFor(trial.title, subject.waivers);
      if (waiver === undefined) it(trial.title, () => runTrial(trial, subject, evidence));
      else it.skip(`${trial.title} (waived: ${waiver.reason})`);
    }
    it('has waivers for checks that exist only', () => assertWaiversMeet(trials, subject.waivers));
    it(secrecy, () => assertSecrecy(evidence));
  });
}

/** Tries one promise on a fresh emulator. Throws when it is broken. */
export async function runTrial(trial: Trial, subject: ConformanceSubject, evidence: Evidence): Promise<void> {
  const knobs: JsonObject = trial.knobs ?? {};
  const bench = await Bench.open(subject, evidence, knobs);
  try {
    await trial.run(bench);
  } catch (error) {
    evidence.error(error);
    throw error;
  } finally {
    await bench.close();
  }
}

export function assertSecrecy(evidence: Evidence): void {
  assert(evidence.size > 0, 'there is nothing to look at');
  assert.deepEqual(evidence.leaks(), []);
}

function waiverFor(title: string, waivers: readonly Waiver[] = []): Waiver | undefined {
  return waivers.find(({ check }) => title === check || title.startsWith(`${check} [`));
}

/** A waiver outlives its gap easily, when a check is renamed or an object leaves the subject. */
function assertWaiversMeet(trials: readonly Trial[], waivers: readonly Waiver[] = []): void {
  const idle = waivers.filter(
    (waiver) => !trials.some(({ title }) => waiverFor(title, [waiver]) !== undefined),
  );
  assert.deepEqual(idle, [], 'a waiver names no check');
}
