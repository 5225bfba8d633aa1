/** The bytes that mean something in a file of comma-separated fields. */
export const byte = {
  tab: 9,
  lineFeed: 10,
  carriageReturn: 13,
  space: 32,
  quote: 34,
  comma: 44,
  point: 46,
  zero: 48,
} as const;

/** Readers may look this far past the end of what they were given, so buffers are this much longer. */
export const slack = 8;

/** A line being read: where it is and what it should hold, for whoever has to mend it. */
export interface Place {
  /** `file:line`. */
  where(): string;
  /** Names of the fields, in order. */
  readonly fields: readonly string[];
}

/** True at a comma or a line end, also one with a carriage return. */
export function endsField(bytes: Uint8Array, at: number): boolean {
  const here = bytes[at];
  if (here === byte.carriageReturn) return bytes[at + 1] === byte.lineFeed;
  return here === byte.comma || here === byte.lineFeed;
}
