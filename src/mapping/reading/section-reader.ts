import type { EntityKind } from '../../canonical/model.ts';
import type { Condition } from '../language/conditions.ts';
import type { EventReader } from './events.ts';
import type { ReadableField } from './fields.ts';
import type { KeyReader } from './keys.ts';
import type { LinkReader } from './links.ts';
import type { WatchedFields } from './watched.ts';

/** One section of an object, compiled as far as reading goes. */
export interface SectionReader {
  readonly entity: EntityKind | null;
  readonly when: Condition | null;
  readonly match: KeyReader | null;
  readonly watched: WatchedFields;
  /** Those that are pulled. */
  readonly fields: readonly ReadableField[];
  readonly immutable: boolean;
  readonly relations: readonly LinkReader[];
  readonly events: readonly EventReader[];
}

/** A section that is only written (the hub's own records) says nothing of its entity. */
export function contributes(section: SectionReader): section is SectionReader & { entity: EntityKind } {
  return section.entity !== null && (section.match !== null || section.fields.length > 0);
}
