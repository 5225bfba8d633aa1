/** Health, readiness, metrics, status: for probes, dashboards and people. */
import { Hono } from 'hono';
import { type HubStatus, hubStatus } from '../reports/status.ts';
import type { Hub } from '../sync/hub.ts';
import { problem } from './problem.ts';

export function healthRoutes(hub: Hub): Hono {
  const routes = new Hono();
  routes.get('/health', (c) => c.json({ status: 'up' }));
  routes.get('/ready', async (c) => {
    const reason = await hub.store.whyNotWritable();
    if (reason === null) return c.json({ status: 'ready' });
    hub.log.error({}, `not ready: ${reason}`);
    return problem(c, 503, 'Not ready', reason);
  });
  routes.get('/metrics', async (c) => {
    return c.body(metricsText(await hubStatus(hub)), 200, {
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    });
  });
  routes.get('/api/status', async (c) => c.json(await hubStatus(hub)));
  return routes;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  samples(status: HubStatus): readonly [labels: Readonly<Record<string, string>>, value: number][];
}

const metrics: readonly Metric[] = [
  {
    name: 'hub_records',
    help: 'Live landed records.',
    type: 'gauge',
    samples: ({ connections }) =>
      Object.entries(connections).flatMap(([connection, { records }]) =>
        Object.entries(records).map(([object, count]): [Record<string, string>, number] => [
          { connection, object },
          count,
        ]),
      ),
  },
  {
    name: 'hub_api_calls_total',
    help: 'Calls to vendors by this process, sign-in not counted.',
    type: 'counter',
    samples: ({ connections }) =>
      Object.entries(connections).map(([connection, { calls }]) => [{ connection }, calls]),
  },
  {
    name: 'hub_work_waiting',
    help: 'Dirty keys by stage.',
    type: 'gauge',
    samples: ({ waiting }) => Object.entries(waiting).map(([stage, count]) => [{ stage }, count]),
  },
  {
    name: 'hub_parked',
    help: 'Work that waits for a person.',
    type: 'gauge',
    samples: ({ parked }) => [[{}, parked]],
  },
  {
    name: 'hub_entities',
    help: 'Canonical entities.',
    type: 'gauge',
    samples: ({ entities }) => Object.entries(entities).map(([kind, count]) => [{ kind }, count]),
  },
  {
    name: 'hub_credit_fallback',
    help: '1 while a rule credits deals because the model that was asked for has no fit that is good enough.',
    type: 'gauge',
    samples: ({ attribution: { model, instead } }) => [[{ model }, instead === null ? 0 : 1]],
  },
  {
    name: 'hub_credit_conversions',
    help: 'Won deals that the fit which credits deals rests on; 0 for rules.',
    type: 'gauge',
    samples: ({ attribution: { model, version, conversions } }) => [[{ model, version }, conversions ?? 0]],
  },
  {
    name: 'hub_fit_drift_alarms',
    help: 'Models whose newest fit tells of another world than the promoted one.',
    type: 'gauge',
    samples: ({ attribution: { drift } }) => [[{}, drift.filter(({ alarm }) => alarm).length]],
  },
];

/** Prometheus text format, version 0.0.4. */
function metricsText(status: HubStatus): string {
  return metrics
    .flatMap(({ name, help, type, samples }) => [
      `# HELP ${name} ${help}`,
      `# TYPE ${name} ${type}`,
      ...samples(status).map(([labels, value]) => `${name}${labelText(labels)} ${value}`),
    ])
    .concat('')
    .join('\n');
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/["\\\n]/g, '_')}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}
