/** The fields of a vendor's objects: described, and created where they are missing. */
import type { Context } from './context.ts';

export type FieldType =
  | 'text'
  | 'longtext'
  | 'number'
  | 'money'
  | 'percent'
  | 'boolean'
  | 'date'
  | 'time'
  | 'email'
  | 'phone'
  | 'url'
  | 'picklist'
  | 'multipicklist'
  | 'reference'
  | 'other';

export interface FieldDescription {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly maxLength?: number;
  readonly options?: readonly string[];
  /** Values other than the options are refused. */
  readonly restricted?: boolean;
}

/** A field (or, with `object` new to the CRM, an object) that the hub wants to exist. */
export interface FieldSpec {
  readonly object: string;
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  readonly unique?: boolean;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly options?: readonly string[];
  /** For `reference`: the object it points to. */
  readonly to?: string;
  readonly help?: string;
}

export interface ProvisionStep {
  /** `key`: fields that are unique together; `activity`: a type of activity; `publish`: what makes the others count. */
  readonly what: 'object' | 'group' | 'field' | 'key' | 'activity' | 'solution' | 'publish' | 'permission';
  readonly name: string;
  /**
   * `pending`: the vendor is still at it, as `detail` says; a later `provision`, which starts nothing anew, finds it
   * done.
   */
  readonly status: 'exists' | 'missing' | 'created' | 'pending' | 'failed';
  readonly detail?: string;
}

export interface Fields<C = unknown> {
  describe(ctx: Context<C>, object: string): Promise<FieldDescription[]>;
  /** Plans, and with `apply` creates, what is missing, with field permissions. Twice is once. */
  provision(
    ctx: Context<C>,
    wanted: readonly FieldSpec[],
    options: { apply: boolean },
  ): Promise<ProvisionStep[]>;
}
