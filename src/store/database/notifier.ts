/** Rings when work was marked, by this process or another. */
export class Notifier {
  readonly #listeners = new Set<() => void>();
  readonly #watch: (notify: () => void) => () => Promise<void>;
  #stopWatching: (() => Promise<void>) | null = null;

  /** `watch` looks out for other processes; it starts with the first listener. */
  constructor(watch: (notify: () => void) => () => Promise<void>) {
    this.#watch = watch;
  }

  /** Later in the same turn of the event loop, so that a listener's error is not the marker's. */
  notify(): void {
    for (const listener of this.#listeners) queueMicrotask(listener);
  }

  listen(listener: () => void): () => void {
    const own = () => listener();
    this.#listeners.add(own);
    this.#stopWatching ??= this.#watch(() => this.notify());
    return () => this.#listeners.delete(own);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#stopWatching?.();
  }
}
