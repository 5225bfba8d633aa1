/** All connectors and their emulators: the only list. A new system is a folder here and an entry below. */
import type { Connector } from '../src/connector/contract.ts';
import type { EmulatorDefinition } from '../src/emulator/contract.ts';

/** Loaded when it is asked for: a vendor's SDK takes a good part of a second to load. */
export interface SystemModules {
  connector(): Promise<Connector>;
  emulator(): Promise<EmulatorDefinition>;
}

/** By the name that `connector:` in `config/hub.yaml` and `mappings/<name>.yaml` use. */
export const systems: Readonly<Record<string, SystemModules>> = {
  salesforce: {
    connector: async () => (await import('./salesforce/index.ts')).salesforce,
    emulator: async () => (await import('./salesforce/emulator.ts')).salesforceEmulator,
  },
  hubspot: {
    connector: async () => (await import('./hubspot/index.ts')).hubspot,
    emulator: async () => (await import('./hubspot/emulator.ts')).hubspotEmulator,
  },
  chatbot: {
    connector: async () => (await import('./chatbot/index.ts')).chatbot,
    emulator: async () => (await import('./chatbot/emulator.ts')).chatbotEmulator,
  },
};
