/** All connectors and their emulators: the only list. A new system is a folder here and two lines. */
import type { Connector } from '../src/connector/contract.ts';
import type { EmulatorDefinition } from '../src/emulator/contract.ts';
import { chatbotEmulator } from './chatbot/emulator.ts';
import { chatbot } from './chatbot/index.ts';
import { hubspotEmulator } from './hubspot/emulator.ts';
import { hubspot } from './hubspot/index.ts';
import { salesforceEmulator } from './salesforce/emulator.ts';
import { salesforce } from './salesforce/index.ts';

export const connectors: Readonly<Record<string, Connector>> = { salesforce, hubspot, chatbot };

export const emulators: Readonly<Record<string, EmulatorDefinition>> = {
  salesforce: salesforceEmulator,
  hubspot: hubspotEmulator,
  chatbot: chatbotEmulator,
};
