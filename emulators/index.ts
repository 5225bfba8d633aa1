/** All emulators: the only list. Names are those of the connectors for which they stand in. */
import type { EmulatorDefinition } from './loopback/contract.ts';
import type { ReplayDefinition } from './loopback/replay.ts';

/** Loaded when it is asked for. */
interface EmulatorModules {
  emulator(): Promise<EmulatorDefinition>;
  /** For `hub replay`, where there are recordings of the vendor. */
  replay?(): Promise<ReplayDefinition>;
}

export const emulators: Readonly<Record<string, EmulatorModules>> = {
  salesforce: {
    emulator: async () => (await import('./salesforce/index.ts')).salesforceEmulator,
    replay: async () => (await import('./salesforce/replay.ts')).salesforceReplay,
  },
  hubspot: {
    emulator: async () => (await import('./hubspot/index.ts')).hubspotEmulator,
    replay: async () => (await import('./hubspot/replay.ts')).hubspotReplay,
  },
  chatbot: {
    emulator: async () => (await import('./chatbot/index.ts')).chatbotEmulator,
  },
};
