/** Salesforce Sales Cloud: people, companies, deals, campaigns and activities by REST, written back in bulk. */
import type { Connector } from '../../src/connector/contract/connector.ts';
import { type SalesforceConfig, salesforceConfig } from './config.ts';
import { currency } from './read/currency.ts';
import { poll } from './read/poll.ts';
import { streams } from './read/pull.ts';
import { pages } from './read/record-pages.ts';
import { webhooks } from './read/webhooks.ts';
import { check } from './setup/check.ts';
import { provision } from './setup/provision.ts';
import { auth } from './wire/auth.ts';
import { connect } from './wire/connection.ts';
import { describeFields } from './wire/describe.ts';
import { faultOf } from './wire/faults.ts';
import { limits } from './wire/limits.ts';
import { sinkOf } from './write/push.ts';

export const salesforce: Connector<SalesforceConfig> = {
  id: 'salesforce',
  title: 'Salesforce',
  config: salesforceConfig,
  auth,
  limits,
  baseUrl: (config, token) => token?.baseUrl ?? config.loginUrl,
  fault: faultOf,
  check,
  currency,
  streams,
  poll,
  sink: sinkOf,
  webhooks,
  fields: { describe: (ctx, object) => describeFields(connect(ctx), object), provision },
  pages,
};
