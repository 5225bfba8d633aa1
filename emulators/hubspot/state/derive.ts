/** Values that HubSpot works out by itself. */
import { iso } from '../../../src/support/clock.ts';
import { lifecycleDates } from './catalogues.ts';
import type { ObjectType } from './objects.ts';
import { contactPipeline, findStage, pipelines, stageProperties } from './pipelines.ts';
import type { Source, Values } from './rows.ts';

/** Everything that a new record holds besides what was asked for. */
export function computedOnCreate(
  type: ObjectType,
  id: string,
  given: Values,
  at: number,
  source: Source,
  home: string,
): Values {
  const usual = defaults[type.name]?.(id, given) ?? {};
  return {
    hs_object_id: id,
    hs_object_source: source.type,
    hs_object_source_id: source.id,
    hs_object_source_label: source.type,
    ...usual,
    ...computed(type.name, { ...usual, ...given }, at, home),
    [type.createdProperty]: given[type.createdProperty] ?? iso(at),
    [type.modifiedProperty]: iso(at),
  };
}

const defaults: Readonly<Record<string, (id: string, given: Values) => Values>> = {
  contacts: (id) => ({
    hs_all_contact_vids: id,
    hs_is_contact: 'true',
    hs_is_unworked: 'true',
    hs_pipeline: contactPipeline,
    lifecyclestage: 'lead',
  }),
  // Seen in recorded creates: the website is the domain unless it was given.
  companies: (_id, { domain }) => (domain ? { website: domain } : {}),
  deals: () => inFirstPipeline('deals'),
  tickets: (id) => ({ hs_ticket_id: id, ...inFirstPipeline('tickets') }),
};

function inFirstPipeline(object: string): Values {
  const [names, pipeline] = [stageProperties[object], pipelines[object]?.[0]];
  if (!names || !pipeline) return {};
  const stage = object === 'tickets' ? { [names.stage]: pipeline.stages[0]?.id ?? '' } : {};
  return { [names.pipeline]: pipeline.id, ...stage };
}

/**
 * What follows from the other values of a record; the whole record goes in, also after an update. `home`: the company
 * currency.
 */
export function computed(object: string, values: Values, at: number, home: string): Values {
  return rules[object]?.(values, at, home) ?? {};
}

const rules: Readonly<Record<string, (values: Values, at: number, home: string) => Values>> = {
  contacts: (values, at) => ({
    hs_email_domain: values.email?.split('@')[1] ?? '',
    ...becameDate(values, at),
  }),
  deals: ({ dealstage, amount = '', deal_currency_code: currency }, _at, company) => {
    const stage = findStage('deals', dealstage)?.metadata;
    const isWon = stage?.isClosed === 'true' && Number(stage.probability) === 1;
    const home = (currency ?? company) === company ? amount : '';
    return {
      amount_in_home_currency: home,
      hs_closed_amount: isWon ? home : '0',
      hs_deal_stage_probability: stage?.probability ?? '',
      hs_is_closed: stage?.isClosed ?? 'false',
      hs_is_closed_won: String(isWon),
    };
  },
};

/** When the contact first came to the stage that it is in: "Became a marketing qualified lead date" and the like. */
function becameDate(values: Values, at: number): Values {
  const name = `hs_lifecyclestage_${values.lifecyclestage}_date`;
  return lifecycleDates.includes(name) ? { [name]: values[name] ?? iso(at) } : {};
}
