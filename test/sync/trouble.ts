/** Faults of every kind at every vendor, as fast-check draws them. */
import fc from 'fast-check';
import type { InjectedFault } from '../../emulators/loopback/contract.ts';
import { type TestHub, writeRoutes } from './hub.ts';

export const systems = ['salesforce', 'hubspot', 'chatbot'] as const;

export interface Trouble {
  readonly system: (typeof systems)[number];
  readonly onWrites: boolean;
  readonly fault: InjectedFault;
}

const trouble: fc.Arbitrary<Trouble> = fc.record({
  system: fc.constantFrom(...systems),
  onWrites: fc.boolean(),
  fault: fc.record({
    what: fc.constantFrom(
      ...(['throttle', 'server-error', 'html', 'truncated', 'drop', 'lost-answer', 'unauthorized'] as const),
      'slow' as const,
    ),
    times: fc.integer({ min: 1, max: 12 }),
    after: fc.integer({ min: 0, max: 12 }),
    delayMs: fc.constant(20),
  }),
});

/** For each turn of a story, what goes wrong in it. */
export type Storm = readonly (readonly Trouble[])[];

export function stormsOf(turns: number): fc.Arbitrary<Trouble[][]> {
  return fc.array(fc.array(trouble, { maxLength: 4 }), { minLength: turns, maxLength: turns });
}

export function strike(hub: TestHub, troubles: readonly Trouble[] = []): void {
  for (const { system, onWrites, fault } of troubles) {
    const route = onWrites && system !== 'chatbot' ? { route: writeRoutes[system] } : {};
    hub.emulator(system).faults.inject({ ...fault, ...route });
  }
}

export function calm(hub: TestHub): void {
  for (const system of systems) hub.emulator(system).faults.clear();
}
