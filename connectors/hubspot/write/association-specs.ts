/** From the type that a write names, or none, to what HubSpot wants to be told. */
import { AssociationSpecAssociationCategoryEnum as Category } from '@hubspot/api-client/lib/codegen/crm/associations/v4/models/AssociationSpec.js';
import type { Association } from '../../../src/connector/contract/writing.ts';
import { Fault } from '../../../src/connector/fault.ts';
import { associationTypes } from '../wire/association-types.ts';
import type { HubSpotContext } from '../wire/client.ts';
import { type Label, readLabels } from '../wire/labels.ts';

export interface Spec {
  readonly associationCategory: Category;
  readonly associationTypeId: number;
}

/** Of one pair of objects. The customer's own labels are asked for only when one is named. */
export class Specs {
  readonly #ctx: HubSpotContext;
  readonly #from: string;
  readonly #to: string;
  #labels: Promise<Label[]> | null = null;

  constructor(ctx: HubSpotContext, from: string, to: string) {
    this.#ctx = ctx;
    this.#from = from;
    this.#to = to;
  }

  /** Null: whatever type the pair has by default. A fault for a type that the account does not have. */
  async of({ type }: Association): Promise<Spec | Fault | null> {
    const own = associationTypes.filter(({ from, to }) => from === this.#from && to === this.#to);
    const known = own.find((one) =>
      type === undefined ? one.usual : type === one.name || type === String(one.typeId),
    );
    if (known !== undefined) return specOf('HUBSPOT_DEFINED', known.typeId);
    if (type === undefined) return null;
    const labels = await this.#readLabels();
    const label = labels.find((one) => one.label === type || String(one.typeId) === type);
    if (label !== undefined) return specOf(label.category, label.typeId);
    const names = labels.flatMap((one) => (one.label ? [one.label] : [])).join(', ') || 'none';
    return new Fault(
      'rejected',
      `HubSpot has no association "${type}" of ${this.#from} to ${this.#to}; its labels are: ${names}`,
      { code: 'NO_SUCH_ASSOCIATION' },
    );
  }

  #readLabels() {
    this.#labels ??= readLabels(this.#ctx, this.#from, this.#to);
    return this.#labels;
  }
}

function specOf(category: string, associationTypeId: number): Spec {
  const associationCategory = Object.values(Category).find((one) => one === category) ?? Category.UserDefined;
  return { associationCategory, associationTypeId };
}
