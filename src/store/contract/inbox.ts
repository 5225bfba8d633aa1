/** Deliveries of webhooks, kept before they are acknowledged. */

/** A delivery whose signature was checked, as it came. */
export interface ReceivedDelivery {
  /** `<connection>|<replay key>`; its mark in stage `inbox`, too. */
  readonly key: string;
  readonly at: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
  };
  readonly body: Uint8Array;
}

export interface Inbox {
  /** Keeps and marks those that are new, all at once; returns their keys. What was settled before is not new. */
  put(deliveries: readonly ReceivedDelivery[]): Promise<ReadonlySet<string>>;
  /** Bytes of each, by key; those that are not there are left out. */
  sizes(keys: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Oldest first. */
  get(keys: readonly string[]): Promise<ReceivedDelivery[]>;
  /** They have been understood: takes them out and remembers their keys. Returns those not settled before. */
  settle(deliveries: readonly Pick<ReceivedDelivery, 'key' | 'at'>[]): Promise<ReadonlySet<string>>;
  /** Drops keys of deliveries that came before. */
  forgetReplays(before: number): Promise<void>;
}
