/** Keeps secrets out of texts that people read: errors and log lines. */
import type { Log } from '../support/log.ts';

const shortest = 4;
/** Tokens come and go; the last so many are remembered. */
const mostTokens = 64;
const deepest = 6;

export class Redactor {
  readonly #fixed = new Set<string>();
  readonly #tokens = new Set<string>();

  /** A value from the configuration: never forgotten. */
  keep(secret: string): void {
    for (const text of spellings(secret)) this.#fixed.add(text);
  }

  /** A value that lives for a while, such as a token. */
  keepForNow(secret: string): void {
    for (const text of spellings(secret)) {
      this.#tokens.delete(text);
      this.#tokens.add(text);
    }
    for (const oldest of this.#tokens) {
      if (this.#tokens.size <= mostTokens) break;
      this.#tokens.delete(oldest);
    }
  }

  text(text: string): string {
    let clean = text;
    for (const secret of [...this.#fixed, ...this.#tokens]) {
      if (clean.includes(secret)) clean = clean.replaceAll(secret, '…');
    }
    return clean;
  }

  /** Cleans an error where it is, with its causes, and returns it: its kind and identity matter to callers. */
  error(error: unknown, depth = 0): unknown {
    if (!(error instanceof Error) || depth > deepest) return error;
    const clean = this.text(error.message);
    if (clean !== error.message) {
      Object.defineProperty(error, 'message', { value: clean, configurable: true, writable: true });
    }
    if (error.stack !== undefined) error.stack = this.text(error.stack);
    for (const name of worded) {
      const words = Reflect.get(error, name);
      if (typeof words === 'string') Reflect.set(error, name, this.text(words));
    }
    const cause = error.cause;
    if (cause instanceof Error) this.error(cause, depth + 1);
    else if (cause !== undefined) error.cause = this.value(cause, depth + 1);
    return error;
  }

  /** A cleaned copy of anything that goes into a log line. */
  value(value: unknown, depth = 0): unknown {
    if (typeof value === 'string') return this.text(value);
    if (value instanceof Error) return this.error(value, depth);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > deepest) return '…';
    if (Array.isArray(value)) return value.map((item) => this.value(item, depth + 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, this.value(item, depth + 1)]),
    );
  }
}

/** Texts that Fault and Problem carry beside their message. */
const worded = ['code', 'field', 'where', 'remedy'] as const;

/** How one secret may turn up: as it is, in a query or form, inside JSON, as HTTP Basic credentials. */
function spellings(secret: string): string[] {
  if (secret.length < shortest) return [];
  const inJson = JSON.stringify(secret).slice(1, -1);
  const forms = [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    inJson,
  ];
  return [...new Set(forms)];
}

/** A log that never sees a secret. */
export function redactedLog(log: Log, redactor: Redactor): Log {
  const clean = (fields: object): object => {
    const value = redactor.value(fields);
    return typeof value === 'object' && value !== null ? value : {};
  };
  return {
    debug: (fields, message) => log.debug(clean(fields), redactor.text(message)),
    info: (fields, message) => log.info(clean(fields), redactor.text(message)),
    warn: (fields, message) => log.warn(clean(fields), redactor.text(message)),
    error: (fields, message) => log.error(clean(fields), redactor.text(message)),
    child: (fields) => redactedLog(log.child(clean(fields)), redactor),
  };
}
