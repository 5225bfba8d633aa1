/** The log of a product of many factors, with few logarithms: they cost most of a step. */
export class LogProduct {
  #product = 1;
  #logs = 0;

  /** @param factor > 0, else the product is 0 */
  take(factor: number): void {
    this.#product *= factor;
    if (this.#product < 1e200 && this.#product > 1e-200) return;
    this.#logs += Math.log(this.#product);
    this.#product = 1;
  }

  /** −∞ where a factor was no positive number. */
  log(): number {
    const sum = this.#logs + Math.log(this.#product);
    return Number.isNaN(sum) ? Number.NEGATIVE_INFINITY : sum;
  }
}
