/** Parked work as a person recognises it: by the name of what it is about, and where that can be looked at. */

import { displayName } from '../canonical/display-name.ts';
import type { Entity, RecordRef } from '../canonical/model.ts';
import { keyText, parseRef, recordKey, recordOf, refText } from '../canonical/names.ts';
import type { ParkedWork, Stage } from '../store/contract/work.ts';
import { addresses } from '../sync/addresses.ts';
import type { Hub } from '../sync/hub.ts';
import { ownRefs } from '../sync/push/plan/own-refs.ts';

export interface NamedWork extends ParkedWork {
  /** Of the person, deal or organization; null where it has none or is gone. */
  readonly name: string | null;
  /** Of the record's page at its system. */
  readonly address: string | null;
}

/** What a mark is about: an entity, in one system where a write waits; or a landed record. */
interface Subject {
  readonly entity?: string;
  readonly connection?: string;
  readonly ref?: RecordRef;
}

const subjects: Readonly<Record<Stage, (key: string) => Subject>> = {
  inbox: (key) => ({ connection: key.slice(0, key.indexOf('|')) }),
  fetch: (key) => ({ ref: parseRef(key) }),
  normalize: (key) => ({ ref: parseRef(key) }),
  resolve: (key) => ({ ref: parseRef(recordOf(key)) }),
  attribute: (entity) => ({ entity }),
  push: (key) => {
    const [connection = '', , entity = ''] = key.split('|');
    return { connection, entity };
  },
};

/** In the order given; default: all that is parked. Reads the store, asks no vendor. */
export async function namedWork(hub: Hub, parked?: readonly ParkedWork[]): Promise<NamedWork[]> {
  const all = parked ?? (await hub.store.work.parked());
  const about = all.map((work) => ({ work, subject: subjects[work.stage](work.key) }));
  const address = await addresses(hub);
  const entityOf = await entitiesOf(
    hub,
    about.map(({ subject }) => subject),
  );
  return about.map(({ work, subject }) => {
    const entity = entityOf(subject);
    const record = subject.ref ?? (entity && recordIn(entity, subject.connection));
    const name = (entity && displayName(entity.fields)) ?? null;
    return { ...work, name, address: record ? address(record) : null };
  });
}

function recordIn(entity: Entity, connection: string | undefined): RecordRef | undefined {
  if (connection === undefined) return undefined;
  return ownRefs(entity, connection).map(parseRef)[0];
}

/** A few queries for any number of subjects. */
async function entitiesOf(
  { store, systems }: Hub,
  all: readonly Subject[],
): Promise<(subject: Subject) => Entity | undefined> {
  const ofRecord = new Map<string, string>();
  const refs = all.flatMap(({ ref }) => ref ?? []);
  const kindOf = ({ connection, object }: RecordRef) =>
    systems.get(connection)?.mapping.objects[object]?.entity ?? null;
  for (const [kind, some] of Map.groupBy(refs, kindOf)) {
    if (kind === null) continue;
    const keys = new Map(some.map((ref) => [keyText(recordKey(ref)), refText(ref)]));
    for (const [key, id] of Object.entries(await store.entities.byKey(kind, [...keys.keys()])))
      ofRecord.set(keys.get(key) ?? '', id);
  }
  const idOf = ({ entity, ref }: Subject) => entity ?? (ref && ofRecord.get(refText(ref)));
  const ids = new Set(all.flatMap((subject) => idOf(subject) ?? []));
  const byId = new Map((await store.entities.get([...ids])).map((entity) => [entity.id, entity]));
  return (subject) => byId.get(idOf(subject) ?? '');
}
