import type { LoopbackRequest } from '../../loopback/loopback.ts';
import type { Family } from './call.ts';
import { resourceOf } from './paths.ts';
import { type RouteEntry, routes } from './routes.ts';

export interface Match {
  readonly entry: RouteEntry;
  readonly family: Family;
  readonly params: Readonly<Record<string, string>>;
  /** For the request log: the object types are told by their plural names, ids are not. */
  readonly name: string;
}

interface Compiled {
  readonly entry: RouteEntry;
  readonly parts: readonly string[];
}

/** By method and number of parts, so that few are tried. */
const byShape = Map.groupBy(
  routes.map((entry): Compiled => ({ entry, parts: entry.path.split('/') })),
  ({ entry, parts }) => `${entry.method} ${parts.length}`,
);

export function findRoute(request: LoopbackRequest, nameType: (word: string) => string): Match | undefined {
  const resource = resourceOf(request.path);
  if (!resource) return undefined;
  const given = resource.path.split('/').map(decode);
  for (const { entry, parts } of byShape.get(`${request.method} ${given.length}`) ?? []) {
    if (!entry.families.includes(resource.family)) continue;
    if (!parts.every((part, index) => part.startsWith('{') || part === given[index])) continue;
    const params = paramsOf(parts, given);
    return { entry, family: resource.family, params, name: nameOf(request.method, parts, params, nameType) };
  }
  return undefined;
}

function paramsOf(parts: readonly string[], given: readonly string[]): Record<string, string> {
  const params: Record<string, string> = {};
  parts.forEach((part, index) => {
    if (part.startsWith('{')) params[part.slice(1, -1)] = given[index] ?? '';
  });
  return params;
}

/** `POST contacts/batch/read`, `GET properties/deals`, `PUT deals/{id}/associations/contacts/{toId}`. */
function nameOf(
  method: string,
  parts: readonly string[],
  params: Readonly<Record<string, string>>,
  nameType: (word: string) => string,
): string {
  const told = parts.map((part) => {
    const name = part.slice(1, -1);
    return name === 'type' || name === 'toType' ? nameType(params[name] ?? '') : part;
  });
  return `${method} ${told.slice(told[0] === 'objects' ? 1 : 0).join('/')}`;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
