import { parseJson } from '../support/json.ts';
import { Fault } from './fault.ts';
import type { HttpResponse } from './http.ts';

/** Code of the fault for a body that is not whole JSON. */
export const notJson = 'NOT_JSON';

/** An answer whose body is parsed at most once, however often and by whomever `json()` is called. */
export function textResponse(
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string,
  name: string,
): HttpResponse {
  let parsed: { readonly value: unknown } | undefined;
  return {
    status,
    headers,
    text,
    json() {
      parsed ??= { value: parse(text, status, name) };
      return parsed.value;
    },
  };
}

function parse(text: string, status: number, name: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new Fault('unavailable', `${name}: answered ${status} with ${describe(text)}`, {
      status,
      code: notJson,
      cause,
    });
  }
}

/** Says what came instead of JSON without quoting it: a torn answer may hold customers' data. */
function describe(text: string): string {
  if (text.trim() === '') return 'an empty body where JSON was expected';
  if (/^\s*</.test(text))
    return 'a page of markup instead of JSON, as proxies send it when the service is down';
  return `a body of ${text.length} characters that is not whole JSON`;
}
