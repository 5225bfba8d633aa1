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
  /** From now on, requests are this hub's. */
  serve(hub: Hub): void;
  close(): Promise<void>;
}

export function hubRoutes(hub: Hub): Hono {
  const app = new Hono();
  // Before all that looks at every answer: these are many, and say themselves what every answer says.
  app.route('/webhooks', webhookRoutes(hub));
  app.use('*', mannered);
  app.route('/', healthRoutes(hub));
  app.route('/api/deals', dealRoutes(hub));
  app.route('/api/models', modelRoutes(hub));
  app.route('/api/admin', adminRoutes(hub));
  app.get('/openapi.json', (c) => c.json(openApiDocument()));
  app.notFound(notFound(app));
  app.onError((error, c) => problemOf(error, c, hub.log));
  return app;
}

/** Senders slower than this are cut off: a few megabytes need no longer over any line. */
const serverOptions = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };

/** Listens as the settings say; `url` tells the port that was free when they said 0. */
export function startServer(hub: Hub): Promise<RunningServer> {
  const { host, port } = hub.settings.server;
  let app = hubRoutes(hub);
  return new Promise((resolve, reject) => {
    const server: ServerType = serve(
      { fetch: (...request) => app.fetch(...request), hostname: host, port, serverOptions },
      (info) => {
        const name = info.family === 'IPv6' ? `[${info.address}]` : info.address;
        const use = (next: Hub) => {
          app = hubRoutes(next);
        };
        resolve({ url: `http://${name}:${info.port}`, serve: use, close: () => closeServer(server) });
      },
    );
    server.once('error', reject);
  });
}

/** How long requests that are under way may take once the hub is told to stop. */
const patienceMs = 3_000;

function closeServer(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if (!('closeIdleConnections' in server)) return;
    server.closeIdleConnections();
    // A sender that never comes to its end must not keep the hub from coming to its own.
    setTimeout(() => server.closeAllConnections(), patienceMs).unref();
  });
}
