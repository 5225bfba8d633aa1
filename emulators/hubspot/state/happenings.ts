/** What can happen to records, for those who listen. */
import type { AssociationType } from './association-types.ts';
import type { RecordRef } from './links.ts';
import type { Source } from './rows.ts';

/** When and by whom. */
export interface Stamp {
  readonly at: number;
  readonly source: Source;
}

export type Happening = { readonly stamp: Stamp } & (
  | { readonly kind: 'creation' | 'deletion' | 'privacyDeletion' | 'restore'; readonly record: RecordRef }
  | {
      readonly kind: 'propertyChange';
      readonly record: RecordRef;
      readonly property: string;
      readonly value: string;
    }
  | {
      readonly kind: 'merge';
      readonly primary: RecordRef;
      readonly merged: string;
      readonly survivor: string;
      readonly moved: number;
    }
  | {
      readonly kind: 'associationChange';
      readonly from: RecordRef;
      readonly to: RecordRef;
      readonly type: AssociationType;
      readonly removed: boolean;
    }
);
