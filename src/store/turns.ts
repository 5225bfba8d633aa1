/** A lock taken in the order of asking. */

export class Turns {
  readonly #waiting: (() => void)[] = [];
  #held = false;

  /** Resolves when it is the caller's turn. Every `take` needs one `give`. */
  async take(): Promise<void> {
    if (!this.#held) {
      this.#held = true;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#held = false;
  }
}
