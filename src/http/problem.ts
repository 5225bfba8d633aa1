/** RFC 9457 problem documents: errors for programs, in the words of the person who can act. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { Fault } from '../connector/fault.ts';
import type { Log } from '../support/log.ts';
import { Problem } from '../support/problem.ts';
import { headers } from './headers.ts';

export interface ProblemDocument {
  readonly title: string;
  readonly status: ContentfulStatusCode;
  readonly detail: string;
}

export function problem(c: Context, status: ContentfulStatusCode, title: string, detail: string): Response {
  const document: ProblemDocument = { title, status, detail };
  return c.body(JSON.stringify(document), status, { ...headers, 'content-type': 'application/problem+json' });
}

/** Unexpected errors are logged with their cause and told without it. */
export function problemOf(error: Error, c: Context, log: Log): Response {
  if (error instanceof Problem)
    return problem(c, error.kind === 'usage' ? 400 : 500, 'Problem', error.toString());
  if (error instanceof Fault) return problem(c, 502, 'A connected system refused', error.message);
  log.error({ path: c.req.path, error: error.stack ?? error.message }, 'a request failed');
  return problem(c, 500, 'Internal error', 'The hub could not answer. Its log says why.');
}
