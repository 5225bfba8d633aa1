/** Gives every single exchange its time: the whole answer for a text, up to the headers for a stream. */
import { type Answer, nameOf, type Send } from './call.ts';
import { Fault } from './fault.ts';

export const defaultTimeoutMs = 60_000;

export function timeout<A extends Answer>(defaultMs: number, next: Send<A>): Send<A> {
  return async (call) => {
    const ms = call.request.timeoutMs ?? defaultMs;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), ms);
    try {
      return await next({ ...call, signal: AbortSignal.any([call.signal, late.signal]) });
    } catch (error) {
      if (!late.signal.aborted || call.signal.aborted) throw error;
      throw new Fault('unavailable', `${nameOf(call.request)}: no answer within ${ms} ms`, {
        code: 'TIMEOUT',
      });
    } finally {
      clearTimeout(timer);
    }
  };
}
