/** Salesforce Sales Cloud: people, companies, deals, campaigns and activities by REST, written back in bulk. */
import type { Connector } from '../../src/connector/contract.ts';
import { auth } from './auth.ts';
import { check } from './check.ts';
import { type SalesforceConfig, salesforceConfig } from './config.ts';
import { connect } from './connection.ts';
import { describeFields } from './describe.ts';
import { faultOf } from './faults.ts';
import { glance } from './glance.ts';
import { limits } from './limits.ts';
import { provision } from './provision.ts';
import { streams } from './pull.ts';
import { sinkOf } from './push.ts';
import { webhooks } from './webhooks.ts';

export const salesforce: Connector<SalesforceConfig> = {
  id: 'salesforce',
  title: 'Salesforce',
  config: salesforceConfig,
  auth,
  limits,
  baseUrl: (config, token) => token?.baseUrl ?? config.loginUrl,
  fault: faultOf,
  check,
  streams,
  glance,
  sink: sinkOf,
  webhooks,
  fields: { describe: (ctx, object) => describeFields(connect(ctx), object), provision },
};
