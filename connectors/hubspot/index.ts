/**
 * HubSpot: contacts, companies, deals, tickets, logged calls, meetings and mails, deal stages, owners and form
 * submissions, by the legacy and the dated API versions. A change of associations alone moves no change stamp: webhooks name it, a full pull finds it.
 */
import { withAbsence } from '../../src/connector/absent.ts';
import type { Connector } from '../../src/connector/contract/connector.ts';
import { type HubSpotConfig, hubspotConfig } from './config.ts';
import { formStream } from './read/forms.ts';
import { ownerStream } from './read/owners.ts';
import { pipelineStream } from './read/pipelines.ts';
import { crmStream } from './read/pull.ts';
import { pages } from './read/record-pages.ts';
import { hubspotWebhooks } from './read/webhooks.ts';
import { check } from './setup/check.ts';
import { describe } from './setup/properties.ts';
import { provision } from './setup/provision.ts';
import { absenceIn } from './wire/absent.ts';
import { currency } from './wire/account.ts';
import { hubspotAuth } from './wire/auth.ts';
import { faultOf } from './wire/fault.ts';
import { limitsOf } from './wire/limits.ts';
import { crmObjects } from './wire/objects.ts';
import { crmSink } from './write/push.ts';

/** Readable, but nothing that the hub writes. */
const readOnly = { owners: ownerStream, pipelines: pipelineStream, forms: formStream } as const;

export const hubspot: Connector<HubSpotConfig> = {
  id: 'hubspot',
  title: 'HubSpot',
  config: hubspotConfig,
  auth: hubspotAuth,
  limits: limitsOf,
  baseUrl: (config) => config.baseUrl,
  fault: faultOf,
  check,
  currency,
  streams: Object.fromEntries(
    Object.entries({
      owners: readOnly.owners,
      pipelines: readOnly.pipelines,
      ...Object.fromEntries(crmObjects.map((object) => [object.name, crmStream(object)])),
      forms: readOnly.forms,
    }).map(([name, stream]) => [name, withAbsence(name, stream, absenceIn)]),
  ),
  sink: (object) => (object in readOnly ? undefined : crmSink(object)),
  webhooks: hubspotWebhooks,
  fields: { describe, provision },
  pages,
};
