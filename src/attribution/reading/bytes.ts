/** The bytes that mean something in a file of fields with a delimiter between them. */
export const byte = {
  tab: 9,
  lineFeed: 10,
  carriageReturn: 13,
  space: 32,
  quote: 34,
  comma: 44,
  point: 46,
  zero: 48,
  semicolon: 59,
} as const;

/** Readers may look this far past the end of what they were given, so buffers are this much longer. */
export const slack = 8;

/** How a file parts its fields and writes its numbers. */
export interface Dialect {
  /** The byte between two fields. */
  readonly delimiter: number;
  /** The byte before the decimals: point or comma. */
  readonly decimal: number;
  /** Nobody said which, and the file may be from where a point parts thousands: 1.234 is refused. */
  readonly doubtful: boolean;
}

export const usualDialect: Dialect = { delimiter: byte.comma, decimal: byte.point, doubtful: false };

/** A line being read: where it is and what it should hold, for the person who has to fix it. */
export interface Place {
  /** `file:line`. */
  where(): string;
  readonly dialect: Dialect;
  /** Names of the fields, in order. */
  readonly fields: readonly string[];
}

/** True at a delimiter or a line end, also one with a carriage return. */
export function endsField(bytes: Uint8Array, at: number, delimiter: number): boolean {
  const here = bytes[at];
  if (here === byte.carriageReturn) return bytes[at + 1] === byte.lineFeed;
  return here === delimiter || here === byte.lineFeed;
}
