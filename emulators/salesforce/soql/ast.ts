/** A parsed query, names not yet looked up. `at` is an offset into the text, for errors. */
export interface Query {
  readonly text: string;
  readonly select: readonly Selection[];
  readonly from: Path;
  readonly alias: string | undefined;
  /** `USING SCOPE mine`. */
  readonly scope: Path | undefined;
  readonly where: Condition | undefined;
  readonly groupBy: readonly Operand[];
  readonly having: Condition | undefined;
  readonly orderBy: readonly Ordering[];
  readonly limit: number | undefined;
  readonly offset: number | undefined;
}

export interface Path {
  readonly names: readonly string[];
  readonly at: number;
}

export interface Call {
  readonly fn: string;
  /** Undefined in `COUNT()`. */
  readonly path: Path | undefined;
  /** `FORMAT(convertCurrency(Amount))`: what is formatted is converted first. */
  readonly converted: boolean;
  readonly at: number;
}

export type Selection =
  | { readonly kind: 'field'; readonly path: Path; readonly alias: string | undefined }
  | { readonly kind: 'call'; readonly call: Call; readonly alias: string | undefined }
  | { readonly kind: 'children'; readonly query: Query };

export type Operand =
  | { readonly kind: 'field'; readonly path: Path }
  | { readonly kind: 'call'; readonly call: Call };

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'compare'; readonly left: Operand; readonly op: Comparison; readonly right: Literal }
  | ListCondition
  | { readonly kind: 'semijoin'; readonly left: Operand; readonly negated: boolean; readonly query: Query };

export interface ListCondition {
  readonly kind: 'in' | 'includes';
  readonly left: Operand;
  readonly negated: boolean;
  readonly values: readonly Literal[];
}

export type Literal = { readonly at: number } & (
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'date'; readonly value: string }
  /** Ms since the epoch. */
  | { readonly kind: 'datetime'; readonly value: number }
  /** `LAST_N_DAYS:30`. */
  | { readonly kind: 'range'; readonly name: string; readonly count: number | undefined }
);

export interface Ordering {
  readonly by: Operand;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}
