/**
 * HubSpot: contacts, companies, deals, tickets, deal stages, owners and form submissions, by the legacy and the
 * dated API versions. A change of associations alone moves no change stamp: webhooks name it, a full pull finds it.
 */
import type { Connector } from '../../src/connector/contract.ts';
import { hubspotAuth } from './auth.ts';
import { check } from './check.ts';
import { type HubSpotConfig, hubspotConfig } from './config.ts';
import { faultOf } from './fault.ts';
import { formStream } from './forms.ts';
import { limitsOf } from './limits.ts';
import { crmObjects } from './objects.ts';
import { ownerStream } from './owners.ts';
import { pipelineStream } from './pipelines.ts';
import { describe } from './properties.ts';
import { provision } from './provision.ts';
import { crmStream } from './pull.ts';
import { crmSink } from './push.ts';
import { hubspotWebhooks } from './webhooks.ts';

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
  streams: {
    owners: readOnly.owners,
    pipelines: readOnly.pipelines,
    ...Object.fromEntries(crmObjects.map((object) => [object.name, crmStream(object)])),
    forms: readOnly.forms,
  },
  sink: (object) => (object in readOnly ? undefined : crmSink(object)),
  webhooks: hubspotWebhooks,
  fields: { describe, provision },
};
