/** `hub check`: settings, credentials, permissions, mappings against the CRMs' real fields. */
import type { FieldDescription } from '../connector/contract.ts';
import { Fault } from '../connector/fault.ts';
import { checkMapping } from '../mapping/check.ts';
import { exitCodes } from '../support/problem.ts';
import type { System } from '../sync/hub.ts';
import type { Cli } from './command.ts';

interface Finding {
  readonly connection: string;
  readonly account: string | null;
  readonly missingPermissions: readonly string[];
  readonly signIn: string | null;
  readonly mapping: readonly string[];
}

export const check: Cli = {
  run: (invocation) =>
    invocation.withApp(async ({ hub }) => {
      const findings: Finding[] = [];
      for (const system of hub.systems.values()) findings.push(await checkSystem(system));
      invocation.print({ findings }, () => findings.map(line).join('\n'));
      if (findings.some(({ signIn, missingPermissions }) => signIn !== null || missingPermissions.length > 0))
        return exitCodes.signIn;
      return findings.some(({ mapping }) => mapping.length > 0) ? exitCodes.configuration : exitCodes.done;
    }),
};

async function checkSystem(system: System): Promise<Finding> {
  const none = { connection: system.name, account: null, missingPermissions: [], signIn: null, mapping: [] };
  try {
    const { account, missingPermissions } = await system.connector.check(system.context);
    return { ...none, account, missingPermissions, mapping: await mappingFindings(system) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...none, signIn: error.message };
  }
}

async function mappingFindings(system: System): Promise<string[]> {
  const described = new Map<string, readonly FieldDescription[]>();
  for (const object of Object.keys(system.mapping.objects)) {
    const fields = await system.connector.fields?.describe(system.context, object).catch((error: unknown) => {
      // The hub's own object is not there before `provision`; the mapping is none the worse for it.
      if (error instanceof Fault && error.kind === 'rejected') return undefined;
      throw error;
    });
    if (fields) described.set(object, fields);
  }
  return checkMapping(system.mapping, described).map((problem) => problem.toString());
}

function line({ connection, account, missingPermissions, signIn, mapping }: Finding): string {
  if (signIn !== null) return `${connection}: cannot sign in. ${signIn}`;
  return [
    `${connection}: signed in as ${account}`,
    ...missingPermissions.map((permission) => `  lacks permission: ${permission}`),
    ...mapping.map((finding) => `  ${finding}`),
  ].join('\n');
}
