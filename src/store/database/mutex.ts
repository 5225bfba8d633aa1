/** A lock taken in the order of asking. */

export class Mutex {
  readonly #waiting: (() => void)[] = [];
  #held = false;

  /** Resolves when it is the caller's turn. Every `take` needs one `give`. */
  async acquire(): Promise<void> {
    if (!this.#held) {
      this.#held = true;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#held = false;
  }
}
