/** What the HTTP layers pass along. See `layers.ts` for the layers themselves. */
import type { HttpRequest, HttpResponse, HttpStream } from './http.ts';

/** One request on its way; a layer below may see a changed copy (signed, with an absolute URL). */
export interface Call {
  readonly request: HttpRequest;
  readonly signal: AbortSignal;
}

export type Answer = HttpResponse | HttpStream;

/** Every layer turns one `Send` into another, for whole texts and for streams alike. */
export type Send<A extends Answer> = (call: Call) => Promise<A>;

export function isStream(answer: Answer): answer is HttpStream {
  return 'body' in answer;
}

/** Whether a request may be sent again after its answer was lost. */
export function isRepeatable(request: HttpRequest): boolean {
  return request.repeatable ?? (request.method === 'GET' || request.method === 'HEAD');
}

/** How errors and log lines name a request. The query is left out: some vendors take secrets there. */
export function nameOf(request: HttpRequest): string {
  return `${request.method} ${request.url.replace(/[?#].*$/s, '')}`;
}
