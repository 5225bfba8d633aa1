/** All connectors and their emulators: the only list. A new system is a folder here and an entry below. */
import type { Connector } from '../src/connector/contract.ts';
import type { EmulatorDefinition } from '../src/emulator/contract.ts';
import type { ReplayDefinition } from '../src/emulator/replay.ts';

/** Loaded when it is asked for: a vendor's SDK takes a good part of a second to load. */
export interface SystemModules {
  connector(): Promise<Connector>;
  emulator(): Promise<EmulatorDefinition>;
  /** For `hub replay`, where there are recordings of the vendor. */
  replay?(): Promise<ReplayDefinition>;
}

/** By the name that `connector:` in `config/hub.yaml` and `mappings/<name>.yaml` use. */
export const systems: Readonly<Record<string, SystemModules>> = {
  salesforce: {
    connector: async () => (await import('./salesforce/index.ts')).salesforce,
    emulator: async () => (await import('./salesforce/emulator.ts')).salesforceEmulator,
    replay: async () => (await import('./salesforce/emulator/replay.ts')).salesforceReplay,
  },
  hubspot: {
    connector: async () => (await import('./hubspot/index.ts')).hubspot,
    emulator: async () => (await import('./hubspot/emulator.ts')).hubspotEmulator,
    replay: async () => (await import('./hubspot/emulator/replay.ts')).hubspotReplay,
  },
  chatbot: {
    connector: async () => (await import('./chatbot/index.ts')).chatbot,
    emulator: async () => (await import('./chatbot/emulator.ts')).chatbotEmulator,
  },
};
