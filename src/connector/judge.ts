/** Reads the meaning of an answer: what it says about the allowance, and which fault it is, if it is one. */
import type { Clock } from '../support/clock.ts';
import { type Answer, type Call, isStream, nameOf, type Send } from './call.ts';
import { Fault } from './fault.ts';
import type { Asked, HttpResponse } from './http.ts';
import { notJson, textResponse } from './response.ts';
import { faultOfStatus } from './status.ts';

export interface JudgeParts {
  /** The connector's own reading; null for a success. */
  fault(answer: HttpResponse, asked: Asked): Fault | null;
  /** Told of every answer, faults too. */
  learn(answer: HttpResponse): void;
  /** Which the layer below has set by this very answer, where it tells. */
  readonly vendorClock: Pick<Clock, 'now'>;
}

const longestErrorText = 1_000_000;

export function judge<A extends Answer>(parts: JudgeParts, next: Send<A>): Send<A> {
  return async (call) => {
    const answer = await next(call);
    const whole = await readable(answer, call);
    parts.learn(whole);
    const fault = isGranted(whole)
      ? faultOfSuccess(parts, whole, call, isStream(answer))
      : faultOfRefusal(parts, whole, call);
    if (fault !== null) throw fault;
    return answer;
  };
}

function isGranted(answer: { readonly status: number }): boolean {
  return answer.status >= 200 && answer.status < 300;
}

/** Some vendors report failures with status 200, so the connector is asked here as well. */
function faultOfSuccess(
  parts: JudgeParts,
  answer: HttpResponse,
  call: Call,
  streamed: boolean,
): Fault | null {
  if (streamed) return null;
  try {
    demandWhole(answer, call);
    return parts.fault(answer, askedOf(parts, call));
  } catch (cause) {
    if (cause instanceof Fault) return cause;
    const { status } = answer;
    return new Fault('unavailable', `${nameOf(call.request)}: unreadable answer`, {
      status,
      code: 'UNREADABLE',
      cause,
    });
  }
}

/** A connector that expects an error in JSON may meet a proxy's page there: then the status must do. */
function faultOfRefusal(parts: JudgeParts, answer: HttpResponse, call: Call): Fault | null {
  const asked = askedOf(parts, call);
  try {
    return parts.fault(answer, asked);
  } catch (error) {
    if (error instanceof Fault && error.code !== notJson) return error;
    return faultOfStatus(nameOf(call.request), answer.status, answer.headers, asked.now);
  }
}

function askedOf({ vendorClock }: JudgeParts, { request }: Call): Asked {
  return { request, now: vendorClock.now() };
}

/**
 * A success that says it is JSON must be whole JSON now, while the request can still be repeated. The value is
 * kept, so the connector's own `json()` costs nothing. A page of HTML that nobody asked for is not a success.
 */
function demandWhole(answer: HttpResponse, call: Call): void {
  const type = answer.headers['content-type'] ?? '';
  if (answer.text === '' || call.request.method === 'HEAD') return;
  if (/[/+]json\b/i.test(type) || (/\bhtml\b/i.test(type) && !wantsHtml(call))) answer.json();
}

function wantsHtml(call: Call): boolean {
  const headers = Object.entries(call.request.headers ?? {});
  return headers.some(([name, value]) => name.toLowerCase() === 'accept' && /html|\*\/\*/i.test(value));
}

/** The body of a refused stream is an error text; that of a granted one is the caller's. */
async function readable(answer: Answer, call: Call): Promise<HttpResponse> {
  if (!isStream(answer)) return answer;
  const text = isGranted(answer) ? '' : await drain(answer.body);
  return textResponse(answer.status, answer.headers, text, nameOf(call.request));
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > longestErrorText) break;
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
