/** What was thrown, in words: libraries throw errors, plain objects and texts alike. */

export function messageOf(thrown: unknown): string {
  return told(thrown) || String(thrown);
}

/** Of several addresses that were tried (`AggregateError`) each says for itself what happened; all of them say nothing. */
function told(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.message === '')
    return [...new Set(thrown.errors.map(messageOf))].join('; ');
  if (typeof thrown !== 'object' || thrown === null || !('message' in thrown)) return '';
  return String(thrown.message);
}
