/** All connectors: the only list. A new system is a folder here and an entry below. */
import type { Connector } from '../src/connector/contract/connector.ts';

/**
 * By the name that `connector:` in `config/hub.yaml` and `mappings/<name>.yaml` use. Loaded when it is asked for: a
 * vendor's SDK takes a good part of a second to load.
 */
export const connectors: Readonly<Record<string, () => Promise<Connector>>> = {
  salesforce: async () => (await import('./salesforce/index.ts')).salesforce,
  hubspot: async () => (await import('./hubspot/index.ts')).hubspot,
  chatbot: async () => (await import('./chatbot/index.ts')).chatbot,
};
