/** Which errors are the fault of what was to be stored, and not of the database or the way to it. */

/**
 * Classes of SQLSTATE that speak of values: data exception, integrity, cardinality, a program limit
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
const sqlStates = /^(?:21|22|23|54)/;

/** SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_RANGE: https://sqlite.org/rescode.html */
const sqliteCodes: ReadonlySet<number> = new Set([18, 19, 20, 25]);

/** True for an error that comes again as long as the same values are stored, on however sound a database. */
export function isUnfit(error: unknown): boolean {
  if (!(error instanceof Error) || error.name === 'AbortError') return false;
  if ('errcode' in error) return sqliteCodes.has(Number(error.errcode) & 0xff);
  if ('severity' in error && 'code' in error) return sqlStates.test(String(error.code));
  if ('syscall' in error || 'errno' in error) return false;
  // The drivers give no code to a connection that is lost or closed.
  return !(error.name === 'Error' && /connect|terminat|time-?out|closed|not open/i.test(error.message));
}
