/**
 * The additive hazard. A person's conversion rate at time t, per day, is
 *
 *   λ(t) = μ exp(γ·x) + Σ over earlier touches i of β ω exp(−ω (t − tᵢ))   (β, ω of the touch's channel)
 *
 * the baseline (what comes anyway, moved by covariates x) plus what each touch adds: β conversions per touch in the
 * long run, fading with half-life ln 2 / ω. The part of a touch in a conversion is its part of λ at that time.
 *
 * Zhang, Wei, Ren 2014, "Multi-touch attribution in online advertising with survival theory" (additive hazard of
 * touches with exponential fading); with a baseline, because without one every conversion is somebody's merit.
 */
export interface Parameters {
  /** μ: conversions per day without any touch, at the mean of the covariates. */
  readonly baseline: number;
  /** γ: per standard deviation of each covariate. */
  readonly slopes: readonly number[];
  /** β by channel: conversions that one touch brings in the long run. */
  readonly effects: readonly number[];
  /** ω by channel, per day: ln 2 over the half-life. */
  readonly decays: readonly number[];
}

export function halfLife(decay: number): number {
  return Math.LN2 / decay;
}
