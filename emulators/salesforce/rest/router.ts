import { ApiError, notFound, SaveFault } from '../errors.ts';
import type { Api, ApiAnswer, ApiRequest, Handler } from './call.ts';
import { routes } from './routes.ts';

interface Route {
  readonly method: string;
  /** `PATCH composite/sobjects/{type}/{field}`, as in the request log. */
  readonly name: string;
  readonly segments: readonly string[];
  readonly handler: Handler;
}

const table: readonly Route[] = routes.map(([method, pattern, handler]) => ({
  method,
  name: `${method} ${pattern === '' ? 'resources' : pattern}`,
  segments: pattern === '' ? [] : pattern.split('/'),
  handler,
}));

const bySegments = Map.groupBy(table, (route) => route.segments.length);

interface Address {
  readonly version: string;
  readonly segments: readonly string[];
}

const dataPath = /^\/services\/data\/v(\d+\.\d)(?:\/(.*))?$/;

function addressOf(path: string): Address | undefined {
  const match = dataPath.exec(path.replace(/\/{2,}/g, '/').replace(/\/$/, ''));
  if (match === null) return undefined;
  const [, version = '', rest = ''] = match;
  return { version, segments: rest === '' ? [] : rest.split('/') };
}

function fits(route: Route, segments: readonly string[]): boolean {
  return route.segments.every((segment, index) => segment.startsWith('{') || segment === segments[index]);
}

function candidates(segments: readonly string[]): readonly Route[] {
  return (bySegments.get(segments.length) ?? []).filter((route) => fits(route, segments));
}

export function routeName(method: string, path: string): string {
  const address = addressOf(path);
  const route = address && candidates(address.segments).find((one) => one.method === method);
  return route?.name ?? `${method} unknown`;
}

export function dispatch(api: Api, request: ApiRequest): ApiAnswer {
  try {
    return call(api, request);
  } catch (error) {
    return toAnswer(error);
  }
}

function call(api: Api, request: ApiRequest): ApiAnswer {
  const address = addressOf(request.path);
  if (address === undefined || !isOffered(api, address.version)) throw notFound();
  const fitting = candidates(address.segments);
  const route = fitting.find((one) => one.method === request.method);
  if (route === undefined) throw fitting.length === 0 ? notFound() : notAllowed(request.method, fitting);
  checkContentType(request);
  return route.handler({
    api,
    org: api.org,
    request,
    version: address.version,
    base: `/services/data/v${address.version}`,
    params: paramsOf(route, address.segments),
    dispatch: (part) => dispatch(api, part),
  });
}

const oldest = 21;

function isOffered({ org }: Api, version: string): boolean {
  return Number(version) >= oldest && Number(version) <= Number(org.knobs.apiVersion);
}

function notAllowed(method: string, fitting: readonly Route[]): ApiError {
  const allowed = fitting.map((one) => one.method).join(',');
  return new ApiError(
    405,
    'METHOD_NOT_ALLOWED',
    `HTTP Method '${method}' not allowed. Allowed are ${allowed}`,
  );
}

/** A body must say what it is; bulk data is CSV, all else JSON. */
function checkContentType({ headers, body, path }: ApiRequest): void {
  const type = headers['content-type'] ?? '';
  if (body.length === 0 || path.endsWith('/batches') || /^application\/json/i.test(type)) return;
  const message = `Content-Type header specified in HTTP request is not supported: ${type}`;
  throw new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', message);
}

function paramsOf(route: Route, segments: readonly string[]): Record<string, string> {
  const named = route.segments.flatMap((segment, index) =>
    segment.startsWith('{') ? [[segment.slice(1, -1), decode(segments[index] ?? '')]] : [],
  );
  return Object.fromEntries(named);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function toAnswer(error: unknown): ApiAnswer {
  if (error instanceof ApiError) return { status: error.status, json: error.body() };
  if (error instanceof SaveFault) return { status: error.toStatus(), json: error.body() };
  throw error;
}
