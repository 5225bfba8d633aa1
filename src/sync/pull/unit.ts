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
