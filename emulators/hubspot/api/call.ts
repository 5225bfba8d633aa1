/** What a route gets, and how it reads what was sent. */
import { z } from 'zod';
import type { LoopbackAnswer, LoopbackRequest } from '../../loopback/loopback.ts';
import type { Portal } from '../portal.ts';
import type { ObjectType } from '../state/objects.ts';
import { invalid, Refusal } from '../state/refusal.ts';
import type { Table } from '../state/table.ts';

/** The version in a path: `v1`, `v3` and `v4` are the legacy families. */
export type Family = 'v1' | 'v3' | 'v4' | '2026-03' | '2026-09';

export interface Call {
  readonly portal: Portal;
  readonly request: LoopbackRequest;
  readonly family: Family;
  /** What stood in the place of `{name}` in the route's path, decoded. */
  readonly params: Readonly<Record<string, string>>;
}

export type Handler = (call: Call) => LoopbackAnswer;

export function param({ params }: Call, name: string): string {
  const value = params[name];
  if (value === undefined) throw new Error(`route has no {${name}}`);
  return value;
}

export function typeOf(call: Call, name = 'type'): ObjectType {
  const word = param(call, name);
  const type = call.portal.findType(word);
  if (type) return type;
  throw new Refusal(400, { message: `Unable to infer object type from: ${word}` });
}

export function tableOf(call: Call, name = 'type'): Table {
  const type = typeOf(call, name);
  const table = call.portal.crm.tables.get(type.name);
  if (table) return table;
  throw new Error(`no table of ${type.name}`);
}

export function readBody<T>({ request }: Call, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(request));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const place = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  throw invalid(`Invalid input JSON${place}: ${issue?.message}`);
}

function parseJson(request: LoopbackRequest): unknown {
  try {
    return request.json();
  } catch (error) {
    if (error instanceof SyntaxError)
      throw invalid(`Invalid input JSON on line 1, column 1: ${error.message}`);
    throw error;
  }
}

/** Repeated names and comma lists alike: the SDK sends the former, people write the latter. */
export function listParam({ request }: Call, name: string): string[] {
  return request.query.getAll(name).flatMap((text) => text.split(',').filter((one) => one !== ''));
}

export function limitParam({ request }: Call, standard: number, most: number): number {
  const limit = Number(request.query.get('limit') ?? standard);
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  throw invalid(`Invalid limit ${request.query.get('limit')}: it must be between 1 and ${most}`);
}

export function flagParam({ request }: Call, name: string): boolean {
  return request.query.get(name) === 'true';
}

/** Numbers and booleans are taken for their text; HubSpot documents no meaning for null, so it changes nothing. */
export const propertiesBody = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .transform((given) =>
    Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
    ),
  );

export const idBody = z.union([z.string(), z.number()]).transform(String);
