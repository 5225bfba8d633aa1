/** `hub check`: credentials, permissions, mappings against the CRMs' real fields; opening the hub checks the rest. */
import type { FieldDescription } from '../../connector/contract/fields.ts';
import { Fault } from '../../connector/fault.ts';
import { adviseMapping, checkMapping } from '../../mapping/checking/check.ts';
import { disagreements } from '../../mapping/checking/defaults.ts';
import { troublesOf } from '../../reports/troubles.ts';
import { exitCodes } from '../../support/problem.ts';
import { keepSite } from '../../sync/addresses.ts';
import { type Hub, pulledObjects, type System } from '../../sync/hub.ts';
import { skewText, worthTelling } from '../../sync/pull/clock-skew.ts';
import type { Cli } from '../command.ts';
import { peopleLines } from '../text/people-lines.ts';

interface Finding {
  readonly connection: string;
  /** Who the hub is over there; null when it could not sign in. */
  readonly account: string | null;
  /** The vendor's words, and what to do. */
  readonly signIn: string | null;
  readonly unreachable: string | null;
  readonly missingPermissions: readonly string[];
  readonly mapping: readonly string[];
  /** What the CRM has and the mapping does not know; nothing is wrong. */
  readonly advice: readonly string[];
  /** Objects that are not read, or not read whole, with what to do; everything else goes on. */
  readonly troubles: readonly string[];
  /** How far the hub's clock and the vendor's are apart, in words; null where they agree. */
  readonly clock: string | null;
}

export const check: Cli = {
  run: (invocation) =>
    invocation.withApp(async ({ hub }) => {
      const systems = [...hub.systems.values()];
      const findings: Finding[] = [];
      for (const system of systems) findings.push(await checkSystem(hub, system));
      const without = await hub.store.entities.dealsWithoutPeople();
      const told = {
        findings,
        dealsWithoutPeople: without.deals,
        dealsOfLargeAccounts: without.ofLargeAccounts,
      };
      invocation.print(told, () => [...findings.map(text), ...peopleLines(without)].join('\n'));
      return exitCode(findings);
    }),
};

function exitCode(findings: readonly Finding[]): number {
  if (findings.some(({ signIn, missingPermissions }) => signIn !== null || missingPermissions.length > 0))
    return exitCodes.signIn;
  if (findings.some(({ unreachable }) => unreachable !== null)) return exitCodes.failed;
  return findings.some(({ mapping }) => mapping.length > 0) ? exitCodes.configuration : exitCodes.done;
}

async function checkSystem(hub: Hub, system: System): Promise<Finding> {
  const connection = system.name;
  const none = { connection, account: null, signIn: null, unreachable: null };
  const clock = () => clockFinding(system);
  try {
    const { account, site, missingPermissions } = await system.connector.check(system.context);
    await keepSite(hub, system, site);
    const { mapping, advice, troubles } = await mappingFindings(hub, system);
    const notes = [...(await defaultsNotes(hub, system)), ...advice];
    return { ...none, account, missingPermissions, mapping, advice: notes, troubles, clock: clock() };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const which = error.kind === 'unauthorized' ? 'signIn' : 'unreachable';
    return {
      ...none,
      [which]: error.message,
      missingPermissions: [],
      mapping: [],
      advice: [],
      troubles: [],
      clock: clock(),
    };
  }
}

/** Where the account, the file and the configuration do not agree on country and currency. */
async function defaultsNotes({ settings }: Hub, system: System): Promise<string[]> {
  const own = (await system.connector.currency?.(system.context))?.code ?? null;
  const { defaultCountry: country, defaultCurrency: currency } = settings;
  return disagreements(system.mapping, { own, country, currency }).map(String);
}

function clockFinding({ name, skew }: System): string | null {
  const apart = worthTelling(skew());
  return apart === null ? null : skewText(name, apart);
}

type Findings = Pick<Finding, 'mapping' | 'advice' | 'troubles'>;

async function mappingFindings(hub: Hub, system: System): Promise<Findings> {
  const troubles = await troublesOf(hub, system);
  const troubled = new Set(troubles.map(({ object }) => object));
  const read = new Set(pulledObjects(system));
  const described = new Map<string, readonly FieldDescription[]>();
  for (const object of Object.keys(system.mapping.objects)) {
    const fields = await system.connector.fields?.describe(system.context, object).catch((error: unknown) => {
      if (!isRefused(error)) throw error;
      // The hub's own object is not there before `provision`; the mapping is none the worse for it.
      if (read.has(object) && !troubled.has(object))
        troubles.push({ object, message: `${object} cannot be described: ${error.message}` });
      return undefined;
    });
    if (fields) described.set(object, fields);
  }
  return {
    mapping: checkMapping(system.mapping, described).map(String),
    advice: adviseMapping(system.mapping, described).map(String),
    troubles: troubles.map(({ message }) => message),
  };
}

/** Of this one object: the sign-in holds. */
function isRefused(error: unknown): error is Fault {
  if (!(error instanceof Fault)) return false;
  return error.kind === 'rejected' || error.kind === 'absent' || error.status === 403;
}

function text({
  connection,
  account,
  signIn,
  unreachable,
  missingPermissions,
  mapping,
  advice,
  troubles,
  clock,
}: Finding): string {
  if (signIn !== null)
    return `${connection}: cannot sign in. ${signIn}${clock === null ? '' : `\n  ${clock}`}`;
  if (unreachable !== null)
    return `${connection}: cannot be reached. ${unreachable}. Look at its address in the configuration, and at this machine's way out.`;
  const isSound = missingPermissions.length + mapping.length === 0;
  return [
    `${connection}: ${isSound ? 'in order' : 'signed in, but not in order'}, ${account}`,
    ...missingPermissions.map((permission) => `  lacks permission: ${permission}`),
    ...mapping.map((finding) => `  ${finding}`),
    ...troubles.map((trouble) => `  not read whole: ${trouble}`),
    ...advice.map((note) => `  to look at: ${note}`),
    ...(clock === null ? [] : [`  to look at: ${clock}`]),
  ].join('\n');
}
