/** What is read by itself, and how it is named in marks and checkpoints. */
import { parseRef, refText } from '../../canonical/names.ts';
import type { Change } from '../../connector/contract/webhooks.ts';

/** What has a checkpoint of its own: a stream, or one part of a stream that has parts. */
export interface Unit {
  readonly connection: string;
  readonly object: string;
  readonly part?: string;
}

/** Under which the checkpoint is kept, and the lease: `Contact`, `event#ana@acme.example`. */
export function unitKey({ object, part }: Pick<Unit, 'object' | 'part'>): string {
  return part === undefined ? object : `${object}#${part}`;
}

export interface Named extends Unit {
  /** Empty: what is new of the stream, or of the part. */
  readonly id: string;
}

/** The key of a mark to re-read this: `crm|Contact|7`, `crm|Contact#|` for the stream, `mail|event#|ana` for a part. */
export function namedKey(connection: string, { object, id, part = '' }: Change): string {
  return refText(
    id === undefined ? { connection, object: `${object}#`, id: part } : { connection, object, id },
  );
}

/** What a mark of `namedKey` is about. No object of a vendor has a # in its name. */
export function namedBy(key: string): Named {
  const { connection, object, id } = parseRef(key);
  if (!object.endsWith('#')) return { connection, object, id };
  return { connection, object: object.slice(0, -1), id: '', ...(id !== '' && { part: id }) };
}
