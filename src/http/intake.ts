/** Keeps what arrives durably; what arrives while the database is being written is written together, next. */
import type { ReceivedDelivery } from '../store/contract/inbox.ts';
import type { Store } from '../store/contract/store.ts';

interface Waiting {
  readonly delivery: ReceivedDelivery;
  readonly resolve: (isNew: boolean) => void;
  readonly reject: (error: unknown) => void;
}

export class Intake {
  readonly #store: Store;
  #waiting: Waiting[] = [];
  #isWriting = false;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Resolves once it is durable; false for what was taken before. */
  take(delivery: ReceivedDelivery): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ delivery, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      await this.#write(group);
    }
    this.#isWriting = false;
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    try {
      const fresh = new Set(await this.#store.inbox.put(group.map(({ delivery }) => delivery)));
      // Of two that are alike in one group the first is the new one.
      for (const { delivery, resolve } of group) resolve(fresh.delete(delivery.key));
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
