/** Rates, or expected conversions, of one journey by all draws, in memory that the next journey uses again. */
export class Columns {
  readonly baseline: Float64Array;
  /** Baseline and touches together. */
  readonly whole: Float64Array;
  /** Touch t of draw d is `touches[t * draws + d]`. */
  touches = new Float64Array();

  constructor(draws: number) {
    this.baseline = new Float64Array(draws);
    this.whole = new Float64Array(draws);
  }

  begin(touches: number): void {
    const wanted = touches * this.baseline.length;
    if (this.touches.length < wanted) this.touches = new Float64Array(2 * wanted);
  }
}
