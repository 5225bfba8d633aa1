/** The hub's HTTP side: webhooks in, health, metrics, status, deals with credit and reasons; admin routes by key. */
import { type ServerType, serve } from '@hono/node-server';
import { Hono } from 'hono';
import type { Hub } from '../sync/hub.ts';
import { adminRoutes } from './admin.ts';
import { dealRoutes } from './deals.ts';
import { healthRoutes } from './health.ts';
import { mannered, notFound } from './manners.ts';
import { modelRoutes } from './models.ts';
import { openApiDocument } from './openapi.ts';
import { problemOf } from './problem.ts';
import { webhookRoutes } from './webhooks.ts';

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

export function hubRoutes(hub: Hub): Hono {
  const app = new Hono();
  app.use('*', mannered);
  app.route('/', healthRoutes(hub));
  app.route('/webhooks', webhookRoutes(hub));
  app.route('/api/deals', dealRoutes(hub));
  app.route('/api/models', modelRoutes(hub));
  app.route('/api/admin', adminRoutes(hub));
  app.get('/openapi.json', (c) => c.json(openApiDocument()));
  app.notFound(notFound(app));
  app.onError((error, c) => problemOf(error, c, hub.log));
  return app;
}

/** Listens as the settings say; `url` tells the port that was free when they said 0. */
export function startServer(hub: Hub): Promise<RunningServer> {
  const { host, port } = hub.settings.server;
  const app = hubRoutes(hub);
  return new Promise((resolve, reject) => {
    const server: ServerType = serve({ fetch: app.fetch, hostname: host, port }, (info) => {
      const name = info.family === 'IPv6' ? `[${info.address}]` : info.address;
      resolve({ url: `http://${name}:${info.port}`, close: () => closeServer(server) });
    });
    server.once('error', reject);
  });
}

function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeIdleConnections' in server) server.closeIdleConnections();
  });
}
