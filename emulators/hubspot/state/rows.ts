/** Who made a change, as property history and webhooks tell it. */
export interface Source {
  readonly type: 'CRM_UI' | 'INTEGRATION';
  readonly id: string;
  readonly userId?: number;
}

export interface HistoryEntry {
  readonly value: string;
  readonly at: number;
  readonly source: Source;
}

/** Blank values are absent. */
export type Values = Readonly<Record<string, string>>;

export interface Row {
  readonly id: string;
  readonly createdAt: number;
  updatedAt: number;
  /** Replaced as a whole by each change, so that the search index may keep an old one. */
  values: Values;
  /** Oldest first. */
  readonly history: Map<string, HistoryEntry[]>;
  archivedAt: number | null;
  mergedInto: string | null;
  /** Deleted for privacy: nothing tells of it any more. */
  erased: boolean;
  /** What search knows from when on, oldest first; empty while the index does not lag. */
  indexed: readonly { readonly from: number; readonly values: Values }[];
}

export function newRow(id: string, at: number, values: Values = {}): Row {
  return {
    id,
    createdAt: at,
    updatedAt: at,
    values,
    history: new Map(),
    archivedAt: null,
    mergedInto: null,
    erased: false,
    indexed: [],
  };
}

export function isLive(row: Row): boolean {
  return row.archivedAt === null && row.mergedInto === null && !row.erased;
}

/** Merged-away records are gone for good: the list of archived ones does not show them. */
export function isArchived(row: Row): boolean {
  return row.archivedAt !== null && row.mergedInto === null && !row.erased;
}

export function withoutBlanks(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
