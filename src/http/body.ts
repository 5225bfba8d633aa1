/** How much anybody may send. */
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { problem } from './problem.ts';

/** What is left of the body is not read, so the connection is of no further use; a sender has to know. */
export function limitedBody(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: (c) => {
      c.header('connection', 'close');
      return problem(c, 413, 'Too large', `At most ${maxSize} bytes at a time.`);
    },
  });
}
