/** The fields that the mapping needs at a CRM: planned, and created when the admin says so. */
import type { Fields, ProvisionStep } from '../../connector/contract/fields.ts';
import { Fault } from '../../connector/fault.ts';
import { type Doubt, didYouMeanField, doubts } from '../../mapping/checking/coverage.ts';
import type { System } from '../hub.ts';

export interface ProvisionOptions {
  readonly apply: boolean;
  /** Also fields for analysts, which nobody misses where they are not. */
  readonly details?: boolean;
  /** Also fields that are spelt almost like one that is there. */
  readonly asWritten?: boolean;
}

/**
 * Plans, and with `apply` creates, what is missing. A system that has nothing to provision has no steps. A field that is
 * probably a slip of the pen is named with what was meant, and is not created unless the admin insists.
 */
export async function provision(
  system: System,
  { apply, details = false, asWritten = false }: ProvisionOptions,
): Promise<ProvisionStep[]> {
  const wanted = Object.values(system.mapping.objects).flatMap((object) =>
    details ? [...object.provisions, ...object.details] : object.provisions,
  );
  const { fields } = system.connector;
  if (!fields || wanted.length === 0) return [];
  const doubtful = asWritten ? [] : await doubtsOf(system, fields);
  const held = new Set(doubtful.map(({ spec }) => spec));
  const sure = wanted.filter((spec) => !held.has(spec));
  const steps = sure.length === 0 ? [] : await fields.provision(system.context, sure, { apply });
  return [...steps, ...doubtful.map(stepOf)];
}

function stepOf({ spec, near }: Doubt): ProvisionStep {
  const detail = `not created. ${didYouMeanField(near)} If not, say so with --as-written.`;
  return { what: 'field', name: `${spec.object}.${spec.name}`, status: 'missing', detail };
}

async function doubtsOf({ mapping, context }: System, fields: Fields): Promise<Doubt[]> {
  const found: Doubt[] = [];
  for (const object of Object.values(mapping.objects)) {
    if (object.provisions.length === 0) continue;
    const described = await fields.describe(context, object.object).catch((error: unknown) => {
      // An object that is still to be created has no fields that could be meant.
      if (error instanceof Fault && error.kind === 'rejected') return [];
      throw error;
    });
    found.push(...doubts(object, described));
  }
  return found;
}
