/** The seeded world as the emulators tell it, pulled by the connectors, through the mappings that are shipped. */

import { beforeAll, describe, expect, it } from 'vitest';
import { connectors } from '../../connectors/index.ts';
import { emulators } from '../../emulators/index.ts';
import { buildWorld } from '../../emulators/world/build.ts';
import type { WorldDeal, WorldSystem } from '../../emulators/world/world.ts';
import type { CanonicalEvent } from '../../src/canonical/events.ts';
import type { CanonicalValue } from '../../src/canonical/model.ts';
import { memoryVault } from '../../src/connector/auth.ts';
import type { FieldDescription } from '../../src/connector/contract/fields.ts';
import type { VendorRecord } from '../../src/connector/contract/reading.ts';
import { openConnection } from '../../src/connector/open.ts';
import { checkMapping } from '../../src/mapping/checking/check.ts';
import type { CompiledMapping, Normalized } from '../../src/mapping/language/compiled.ts';
import { systemClock } from '../../src/support/clock.ts';
import { silentLog } from '../../src/support/log.ts';
import { pullWhole } from '../../src/testing/parts.ts';
import { shipped, type systems } from './sample.ts';

const world = buildWorld();

interface Told {
  readonly record: VendorRecord;
  readonly normalized: Normalized;
}

interface Visit {
  /** Everything that the system tells, by object. */
  readonly told: ReadonlyMap<string, readonly Told[]>;
  /** What `check` finds once everything is provisioned. */
  readonly problems: readonly string[];
}

async function visit(system: (typeof systems)[number]): Promise<Visit> {
  const emulator = await (await emulators[system]?.emulator())?.start({ world });
  const connector = await connectors[system]?.();
  if (!emulator || !connector) throw new Error(`no emulator of ${system}`);
  const mapping = shipped(system);
  const context = openConnection(connector, {
    connection: system,
    config: emulator.config,
    vault: memoryVault(),
    clock: systemClock,
    log: silentLog,
    signal: AbortSignal.timeout(60_000),
  });
  const told = new Map<string, Told[]>();
  for (const [object, stream] of Object.entries(connector.streams ?? {})) {
    const fields = mapping.objects[object]?.vendorFields ?? [];
    for await (const page of pullWhole(stream, context, null, { fields })) {
      const list = told.get(object) ?? [];
      told.set(object, [
        ...list,
        ...page.records.map((record) => ({ record, normalized: normalize(mapping, system, record) })),
      ]);
    }
  }
  const objects = Object.values(mapping.objects);
  const described = new Map<string, FieldDescription[]>();
  if (connector.fields) {
    const wanted = objects.flatMap(({ provisions }) => provisions);
    await connector.fields.provision(context, wanted, { apply: true });
    for (const { object } of objects.filter(({ vendorFields }) => vendorFields.length > 0)) {
      // Forms are no object of HubSpot's, they cannot be described.
      const fields = object === 'forms' ? null : await connector.fields.describe(context, object);
      if (fields) described.set(object, fields);
    }
  }
  await emulator.close();
  return { told, problems: checkMapping(mapping, described).map(String) };
}

function normalize(mapping: CompiledMapping, connection: string, record: VendorRecord): Normalized {
  const { object, id, body, createdAt = 0, modifiedAt, tombstone, fieldTimes = {} } = record;
  const times = Object.entries(fieldTimes).map(([field, at]) => [field, { at, exact: true }]);
  const { kind, ...rest } = tombstone ?? { kind: null };
  const none: Normalized = { contributions: [], links: [], events: [], warnings: [] };
  const into = 'into' in rest && typeof rest.into === 'string' ? { into: rest.into } : {};
  return (
    mapping.objects[object]?.normalize({
      ref: { connection, object, id },
      body,
      createdAt,
      modifiedAt,
      fieldTimes: Object.fromEntries(times),
      ...(kind ? { tombstone: { kind, ...into } } : {}),
    }) ?? none
  );
}

/** What must hold of any system; `more` adds what is particular to this one. */
function tells(system: (typeof systems)[number], more: (facts: Facts) => void): void {
  describe(`${system} tells the world`, () => {
    let { told, problems }: Visit = { told: new Map(), problems: [] };
    const all = () => [...told.values()].flat().map(({ normalized }) => normalized);
    const live = (object: string) => (told.get(object) ?? []).filter(({ record }) => !record.tombstone);
    const facts: Facts = {
      live: (object) => live(object).map(({ normalized }) => normalized),
      events: (type) => all().flatMap((one) => one.events.filter((event) => event.type === type)),
      values: (object, field) =>
        live(object).map(({ normalized }) => normalized.contributions[0]?.values[field]?.value),
    };

    beforeAll(async () => {
      ({ told, problems } = await visit(system));
    }, 60_000);

    it('with every field that the mapping names', () => {
      expect(problems).toEqual([]);
    });

    it('without a value that the mapping cannot read', () => {
      const warnings = all().flatMap((one) =>
        one.warnings.map(({ field, message }) => `${field}: ${message}`),
      );
      expect([...new Set(warnings)]).toEqual([]);
    });

    it('with an id of its own for every event', () => {
      const ids = all().flatMap((one) => one.events.map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeGreaterThan(100);
    });

    more(facts);
  });
}

interface Facts {
  live(object: string): readonly Normalized[];
  events(type: string): readonly CanonicalEvent[];
  values(object: string, field: string): readonly (CanonicalValue | undefined)[];
}

function dealsIn(system: WorldSystem): readonly WorldDeal[] {
  return world.deals.filter((deal) => deal.in.includes(system) && deal.deleted?.[system] === undefined);
}

function moneyOf(deals: readonly WorldDeal[]): string[] {
  return deals.map(({ amountMinor, currency }) => JSON.stringify({ minor: amountMinor, currency })).sort();
}

const wonOf = (deals: readonly WorldDeal[]) => deals.filter(({ stages }) => stages.at(-1)?.stage === 'won');

tells('chatbot', ({ live, events }) => {
  it('with one chat touch for every conversation, and a person for every introduction', () => {
    expect(events('touch.chat')).toHaveLength(world.conversations.length);
    const persons = live('event').flatMap((one) => one.contributions.filter(({ kind }) => kind === 'Person'));
    expect(persons).toHaveLength(world.conversations.filter(({ identifiedAs }) => identifiedAs).length);
  });
});

tells('hubspot', ({ live, events, values }) => {
  it('with every deal, its amount and status', () => {
    const deals = dealsIn('hubspot');
    expect(
      values('deals', 'amount')
        .map((amount) => JSON.stringify(amount))
        .sort(),
    ).toEqual(moneyOf(deals));
    expect(values('deals', 'status').filter((status) => status === 'won')).toHaveLength(wonOf(deals).length);
  });

  it('with the people of the deals, and their twins in Salesforce', () => {
    const links = live('deals').flatMap((one) =>
      one.links.filter(({ relation }) => relation === 'deal-person'),
    );
    expect(links.length).toBeGreaterThan(live('deals').length / 2);
    const keys = live('deals').flatMap(({ contributions }) => contributions[0]?.keys ?? []);
    const twins = keys.filter(({ value }) => /^salesforce:Opportunity:006.{15}$/.test(value));
    expect(twins).toHaveLength(dealsIn('hubspot').filter(({ crossReferenced }) => crossReferenced).length);
  });

  it('with touches of forms and first visits', () => {
    expect(events('touch.form_submitted').length).toBeGreaterThan(10);
    expect(events('touch.page_view').length).toBeGreaterThan(10);
  });

  it('with every call, meeting and mail that is logged there', () => {
    const logged = (kind: string) =>
      world.activities.filter((activity) => activity.system === 'hubspot' && activity.kind === kind).length;
    expect(events('touch.call')).toHaveLength(logged('call'));
    expect(events('touch.meeting')).toHaveLength(logged('meeting'));
    expect(events('touch.email_sent')).toHaveLength(logged('email'));
  });
});

tells('salesforce', ({ events, values }) => {
  it('with every opportunity, its amount and status', () => {
    const deals = dealsIn('salesforce');
    expect(
      values('Opportunity', 'amount')
        .map((amount) => JSON.stringify(amount))
        .sort(),
    ).toEqual(moneyOf(deals));
    expect(values('Opportunity', 'status').filter((status) => status === 'won')).toHaveLength(
      wonOf(deals).length,
    );
  });

  it('with stage changes and touches', () => {
    expect(events('deal.stage_changed').length).toBeGreaterThan(dealsIn('salesforce').length);
    expect(events('touch.campaign_response').length).toBeGreaterThan(10);
    expect(events('touch.call').length).toBeGreaterThan(10);
    expect(events('touch.meeting').length).toBeGreaterThan(10);
  });
});
