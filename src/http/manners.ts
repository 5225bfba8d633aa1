/** What holds for every answer: nothing is kept by caches or guessed at by browsers, and a wrong method is told. */
import type { Context, Hono, MiddlewareHandler } from 'hono';
import { headers } from './headers.ts';
import { problem } from './problem.ts';

export const mannered: MiddlewareHandler = async (c, next) => {
  await next();
  for (const [name, value] of Object.entries(headers)) c.header(name, value);
};

/** For addresses that no route answers: 405 with what would be right where only the method is wrong. */
export function notFound(app: Hono): (c: Context) => Response {
  const routes = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => ({ method, pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`) }));
  return (c) => {
    const { path, method } = c.req;
    const right = routes.filter(({ pattern }) => pattern.test(path)).map((route) => route.method);
    if (right.length === 0)
      return problem(c, 404, 'Not found', `There is nothing at ${path}. /openapi.json lists what there is.`);
    const allowed = [...new Set(right.flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one])))].join(
      ', ',
    );
    c.header('allow', allowed);
    return problem(c, 405, 'Wrong method', `${path} takes ${allowed}, not ${method}.`);
  };
}
