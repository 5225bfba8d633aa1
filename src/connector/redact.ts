/** Keeps secrets out of texts that people read: errors and log lines. */
import type { Log } from '../support/log.ts';
import type { Token } from './contract/sign-in.ts';

/** Shorter texts are no secrets, and replacing them would make errors unreadable. */
const shortest = 4;
/** Tokens come and go; the last so many spellings are remembered. */
const mostForNow = 64;
const deepest = 6;
/** Texts that Fault and Problem carry beside their message. */
const worded = ['message', 'stack', 'code', 'field', 'where', 'remedy'] as const;

export class Redactor {
  readonly #fixed = new Set<string>();
  readonly #forNow = new Set<string>();
  /** Longest first: a secret may be part of another. */
  #all: readonly string[] = [];

  /** A value from the settings: never forgotten. */
  keep(secret: string): void {
    for (const text of spellings(secret)) this.#fixed.add(text);
    this.#sort();
  }

  keepToken({ accessToken, refreshToken = '' }: Token): void {
    for (const text of [...spellings(accessToken), ...spellings(refreshToken)]) {
      this.#forNow.delete(text);
      this.#forNow.add(text);
    }
    for (const oldest of this.#forNow) {
      if (this.#forNow.size <= mostForNow) break;
      this.#forNow.delete(oldest);
    }
    this.#sort();
  }

  text(text: string): string {
    return this.#all.reduce((clean, secret) => clean.replaceAll(secret, '…'), text);
  }

  /** Cleans an error where it is, with its causes: its identity and kind matter to those who catch it. */
  error(error: unknown, depth = 0): unknown {
    if (!(error instanceof Error) || depth > deepest) return error;
    for (const name of worded) this.#cleanWord(error, name);
    if (error.cause !== undefined) this.#cleanCause(error, depth + 1);
    return error;
  }

  async guard<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      throw this.error(error);
    }
  }

  /** A cleaned copy of anything that goes into a log line. */
  value(value: unknown, depth = 0): unknown {
    if (typeof value === 'string') return this.text(value);
    if (value instanceof Error) return this.error(value, depth);
    if (value instanceof URL) return this.text(value.href);
    if (depth > deepest) return '…';
    if (Array.isArray(value)) return value.map((item) => this.value(item, depth + 1));
    return isPlain(value) ? this.#members(value, depth + 1) : value;
  }

  fields(fields: object): Record<string, unknown> {
    return this.#members(fields, 1);
  }

  #sort(): void {
    this.#all = [...this.#fixed, ...this.#forNow].toSorted((a, b) => b.length - a.length);
  }

  #members(object: object, depth: number): Record<string, unknown> {
    return Object.fromEntries(Object.entries(object).map(([name, item]) => [name, this.value(item, depth)]));
  }

  #cleanWord(error: Error, name: string): void {
    const words: unknown = Reflect.get(error, name);
    if (typeof words !== 'string') return;
    const clean = this.text(words);
    if (clean !== words)
      Object.defineProperty(error, name, { value: clean, configurable: true, writable: true });
  }

  #cleanCause(error: Error, depth: number): void {
    if (error.cause instanceof Error) this.error(error.cause, depth);
    else error.cause = this.value(error.cause, depth);
  }
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** How one secret may turn up: as it is, in a URL, in a form, inside JSON. */
function spellings(secret: string): readonly string[] {
  if (secret.length < shortest) return [];
  const inForm = new URLSearchParams({ s: secret }).toString().slice(2);
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, encodeURIComponent(secret), inForm, inJson];
}

/** A log that never sees a secret. */
export function redactedLog(log: Log, redactor: Redactor): Log {
  const clean = (fields: object) => redactor.fields(fields);
  return {
    debug: (fields, message) => log.debug(clean(fields), redactor.text(message)),
    info: (fields, message) => log.info(clean(fields), redactor.text(message)),
    warn: (fields, message) => log.warn(clean(fields), redactor.text(message)),
    error: (fields, message) => log.error(clean(fields), redactor.text(message)),
    child: (fields) => redactedLog(log.child(clean(fields)), redactor),
  };
}
