/** Which errors say that the way to the database broke, and nothing of what was asked. */

/**
 * Connection exceptions (class 08), and a server that is told to stop, crashed or is just starting (57P01 to 57P03):
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const sqlStates = /^(?:08|57P0[123])/;
const systemCodes: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'],
]);
/** `pg` gives these no code: https://github.com/brianc/node-postgres/blob/master/packages/pg/lib/client.js */
const words = /^(?:Connection terminated|Client has encountered a connection error|Client was closed)/;

export function isLostConnection(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if (error instanceof AggregateError) return error.errors.some(isLostConnection);
  if ('code' in error && typeof error.code === 'string')
    return sqlStates.test(error.code) || systemCodes.has(error.code);
  return words.test(error.message);
}
