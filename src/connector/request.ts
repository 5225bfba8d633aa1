/** How a request is written on the wire. */
import { nameOf } from './call.ts';
import { Fault } from './fault.ts';
import type { HttpRequest } from './http.ts';

/** Absolute URLs stay; others are appended to the base, whose own path is kept. */
export function locate(url: string, base: string): string {
  if (/^https?:\/\//i.test(url)) return url;
  return `${base.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`;
}

/** Throws `rejected` for a URL that is not absolute. */
export function urlOf(request: HttpRequest): URL {
  const url = URL.parse(request.url);
  if (url === null) throw new Fault('rejected', `${nameOf(request)}: not an absolute URL`, { code: 'URL' });
  if (request.query === undefined) return url;
  for (const [name, value] of Object.entries(request.query)) {
    for (const one of typeof value === 'string' ? [value] : value) url.searchParams.append(name, one);
  }
  // Not every server reads "+" as a space in a query; all read %20.
  url.search = url.search.replaceAll('+', '%20');
  return url;
}

export function contentTypeOf(request: HttpRequest): Record<string, string> {
  if (request.json !== undefined) return { 'content-type': 'application/json' };
  if (request.form !== undefined) return { 'content-type': 'application/x-www-form-urlencoded' };
  return {};
}

export function bodyOf(request: HttpRequest): string | Buffer | undefined {
  if (request.json !== undefined) return JSON.stringify(request.json);
  if (request.form !== undefined) return new URLSearchParams(request.form).toString();
  if (typeof request.body === 'string' || request.body === undefined) return request.body;
  return Buffer.from(request.body.buffer, request.body.byteOffset, request.body.byteLength);
}

const keepsMethod = new Set([307, 308]);
const readsOnly = new Set([301, 302, 303]);

/**
 * Where a redirect leads; null for an answer that is none. Followed only as the same request to the same
 * origin: the token goes nowhere else, and a write does not turn into a read. Throws `rejected` otherwise.
 */
export function nextHop(
  request: HttpRequest,
  from: URL,
  status: number,
  location: string | undefined,
): URL | null {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (location === undefined || !(keepsMethod.has(status) || readsOnly.has(status))) return null;
  const to = URL.parse(location, from);
  if (to !== null && to.origin === from.origin && (isRead || keepsMethod.has(status))) return to;
  const target = to === null ? 'an unreadable address' : to.origin + to.pathname;
  throw new Fault(
    'rejected',
    `${nameOf(request)}: answered ${status}, a redirect to ${target}, which was not followed. ` +
      'If the account has moved, set its new address in the connection.',
    { status, code: 'REDIRECT' },
  );
}
