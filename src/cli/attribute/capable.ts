/** All models side by side: one that a file is too much for is left out and named, and the others go on. */
import type { JourneySink, Outcome } from '../../attribution/journeys/sink.ts';
import type { PathCredit, PathModel } from '../../attribution/path-models.ts';
import { Problem } from '../../support/problem.ts';

export class Capable implements JourneySink {
  #models: readonly PathModel[];
  readonly #refused: { readonly name: string; readonly why: Problem }[] = [];

  constructor(models: readonly PathModel[]) {
    this.#models = models;
  }

  add(touches: Int32Array, length: number, outcome: Outcome, ages?: Float64Array): void {
    for (const model of this.#models)
      this.#try(model, () => model.counts.add(touches, length, outcome, ages));
  }

  /** @throws Problem where no model is left */
  results(): (PathCredit & { readonly model: PathModel })[] {
    const results = this.#models.flatMap((model) => {
      const credit = this.#try(model, () => model.credit());
      return credit ? [{ model, ...credit }] : [];
    });
    const [first] = this.#refused;
    if (results.length === 0 && first) throw first.why;
    return results;
  }

  notes(): string[] {
    return this.#refused.map(({ name, why }) =>
      [`${name} is left out: ${why.message}`, why.remedy].filter((part) => part !== undefined).join(' '),
    );
  }

  /** What else goes wrong is no matter of the model's. */
  #try<T>(model: PathModel, work: () => T): T | undefined {
    try {
      return work();
    } catch (why) {
      if (!(why instanceof Problem) || why.kind !== 'failed' || why.where !== undefined) throw why;
      this.#models = this.#models.filter((one) => one !== model);
      this.#refused.push({ name: model.name, why });
      return undefined;
    }
  }
}
