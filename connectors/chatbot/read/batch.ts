/** What chat events come in when they are handed to us: webhook batches and lines of a file. */
import type { VendorRecord } from '../../../src/connector/contract/reading.ts';
import type { Delivery } from '../../../src/connector/contract/webhooks.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { parseJson } from '../../../src/support/json.ts';
import { batchEnvelope } from '../wire/schema.ts';
import { check, parseEvent } from './event.ts';

/** A batch is taken whole or not at all: the sender learns at once which event is wrong, and loses none. */
export function parseBatch(body: Uint8Array): Delivery {
  const batch = check(batchEnvelope, parsed(decode(body), 'body'), '');
  return { changes: [], records: batch.events.map((event, index) => parseEvent(event, `events[${index}]`)) };
}

/** One event a line; an empty line is none. */
export function parseLine(line: string): VendorRecord[] {
  const text = line.trim();
  return text === '' ? [] : [parseEvent(parsed(text, 'line'), '')];
}

function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new Fault('rejected', 'body: not UTF-8', { code: 'INVALID_BODY' });
  }
}

function parsed(text: string, where: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    const reason = cause instanceof SyntaxError ? cause.message : 'unreadable';
    throw new Fault('rejected', `${where}: not JSON: ${reason}`, { code: 'INVALID_BODY', cause });
  }
}
