/** Everything that people could have read during the checks, and the secrets that must not be in it. */
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import { createLog, type Log } from '../support/log.ts';

export class Evidence {
  readonly #texts: { readonly from: string; readonly text: string }[] = [];
  readonly #secrets = new Set<string>();

  log(): Log {
    const write = (chunk: unknown, _: unknown, done: () => void) => {
      this.#texts.push({ from: 'log line', text: String(chunk) });
      done();
    };
    return createLog('debug', new Writable({ write }));
  }

  /** Keeps an error as a terminal, a stack trace and a JSON log would show it. */
  error(error: unknown): void {
    const json = error instanceof Error ? JSON.stringify({ ...error }) : '';
    this.#texts.push({ from: 'error', text: [String(error), json, inspect(error, { depth: 8 })].join('\n') });
  }

  secret(text: string): void {
    if (text.length < 4) return;
    for (const spelling of spellings(text)) this.#secrets.add(spelling);
  }

  /** Where a secret was found, without showing it. */
  leaks(): string[] {
    const secrets = [...this.#secrets];
    return this.#texts
      .filter(({ text }) => secrets.some((secret) => text.includes(secret)))
      .map(
        ({ from, text }) =>
          `${from}: ${secrets.reduce((clean, secret) => clean.replaceAll(secret, '[SECRET]'), text)}`,
      );
  }

  get size(): number {
    return this.#texts.length;
  }
}

function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = (['base64', 'base64url', 'hex'] as const).map((encoding) => bytes.toString(encoding));
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...encoded];
}
