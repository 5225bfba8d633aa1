/** Who may ask: an API key in `Authorization: Bearer …`, compared in constant time. */
import { timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { fingerprint } from '../support/fingerprint.ts';
import type { Hub } from '../sync/hub.ts';
import { problem } from './problem.ts';

/** Without a configured key, admin routes are closed and reading is open to this machine alone. */
export function needsKey(hub: Hub, routes: 'admin' | 'read'): MiddlewareHandler {
  const { apiKey, host } = hub.settings.server;
  const open = routes === 'read' && apiKey === undefined && isLoopback(host);
  return async (c, next) => {
    if (open && isAskedHere(c)) return next();
    if (apiKey === undefined)
      return problem(c, 403, 'Closed', 'Set server.apiKey in the configuration to open this route.');
    const given = /^Bearer (.+)$/.exec(c.req.header('authorization') ?? '')?.[1];
    if (given === undefined || !sameText(given, apiKey)) {
      c.header('www-authenticate', 'Bearer');
      return problem(c, 401, 'API key needed', 'Send it as `Authorization: Bearer <key>`.');
    }
    return next();
  };
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/**
 * A browser here asks in the name of any page that has its own name point to this machine (DNS rebinding), and a proxy
 * here in the name of the world.
 */
function isAskedHere(c: Context): boolean {
  const isPassedOn = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'].some((name) => c.req.header(name));
  return !isPassedOn && isLoopback(new URL(c.req.url).hostname);
}

/** Hashed first: equal lengths, so the comparison tells nothing of the key's length either. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(fingerprint(a, 64)), Buffer.from(fingerprint(b, 64)));
}
