/**
 * The first shape of the store. How each table could be split over several databases later, by hash of the
 * column named: landed, fact, contribution, link, event, field_memory by `ref`; work by `key`;
 * contribution_key and entity_key by `key`; member by `name`; entity by `id` (`parent` for children), merge by
 * `entity_id`, credit by `deal_id`, outbox_write by `entity_id`; the rest is small and stays whole. No key is
 * handed out by the database and no table points to another by constraint, so nothing ties two shards together.
 */
import { sql } from 'kysely';
import type { Ddl } from '../database/dialect.ts';
import type { Session } from '../database/session.ts';

export async function up({ db, dialect }: Session): Promise<void> {
  for (const statement of statements(dialect.ddl)) await sql.raw(statement).execute(db);
}

function statements({ text, integer, real, table, keyedTable }: Ddl): string[] {
  return [
    // 1 landing. `kept`: the last version that had a body, while the newest is a tombstone without one.
    // `void_until`: versions up to this time are gone for good (erasure).
    `create table landed (
      ref ${text} primary key not null, connection ${text} not null, object ${text} not null,
      modified_at ${integer} not null, created_at ${integer}, first_at ${integer} not null,
      read_at ${integer}, version ${text}, by_us ${integer} not null, tombstone ${text}, body ${text} not null, kept ${text},
      told ${text} not null, history ${text} not null, void_until ${integer}) ${table}`,
    'create index landed_live on landed (connection, object) where tombstone is null',

    // Work. `ready_at` is when the row may next be claimed: its mark, its due time, or the end of a claim's
    // lease; null while it is parked. `scope` is the key up to its first bar: the connection, for most stages.
    `create table work (
      stage ${text} not null, key ${text} not null, scope ${text} not null, version ${integer} not null,
      marked_at ${integer} not null, ready_at ${integer}, attempts ${integer} not null,
      holder ${text}, parked_at ${integer}, reason ${text}, primary key (stage, key)) ${keyedTable}`,
    'create index work_ready on work (stage, ready_at, key)',
    'create index work_scope on work (stage, scope, ready_at, key)',
    'create index work_parked on work (parked_at) where parked_at is not null',

    // 2 facts. Keys of contributions are `<entity kind>|<key kind>:<value>`.
    `create table fact (ref ${text} primary key not null, hash ${text} not null) ${keyedTable}`,
    `create table contribution (
      name ${text} primary key not null, ref ${text} not null, data ${text} not null) ${table}`,
    'create index contribution_ref on contribution (ref)',
    `create table contribution_key (key ${text} not null, name ${text} not null, primary key (key, name)) ${keyedTable}`,
    'create index contribution_key_name on contribution_key (name)',
    `create table link (
      ref ${text} not null, position ${integer} not null, relation ${text} not null,
      from_key ${text} not null, to_key ${text} not null, role ${text}, is_primary ${integer},
      primary key (ref, position)) ${keyedTable}`,
    'create index link_from on link (from_key)',
    'create index link_to on link (to_key)',
    `create table event (
      id ${text} primary key not null, type ${text} not null, time ${integer} not null, ref ${text} not null,
      subject ${text} not null, data ${text} not null) ${table}`,
    'create index event_ref on event (ref)',
    'create index event_subject on event (subject, time)',
    'create index event_time on event (time, id)',

    // 3 entities. `derived` is what the hub computed; `parent` marks the hub's own child entities.
    `create table entity (
      id ${text} primary key not null, kind ${text} not null, parent ${text}, fields ${text} not null,
      provenance ${text} not null, members ${text} not null, keys ${text} not null,
      withdrawn ${integer} not null, derived ${text}) ${table}`,
    'create index entity_kind on entity (kind, id)',
    'create index entity_parent on entity (parent) where parent is not null',
    `create table entity_key (
      kind ${text} not null, key ${text} not null, entity_id ${text} not null, primary key (kind, key)) ${keyedTable}`,
    'create index entity_key_entity on entity_key (entity_id)',
    `create table member (name ${text} primary key not null, entity_id ${text} not null) ${keyedTable}`,
    'create index member_entity on member (entity_id)',
    `create table merge (
      entity_id ${text} not null, at ${integer} not null, line ${text} not null, kind ${text} not null,
      what ${text} not null, came_from ${text} not null, went_into ${text} not null,
      primary key (entity_id, at, line)) ${keyedTable}`,

    // 4 credit
    `create table credit (
      deal_id ${text} not null, model ${text} not null, touch ${text} not null, channel ${text} not null,
      time ${integer} not null, share ${real} not null, amount_minor ${integer} not null, currency ${text} not null,
      reason ${text} not null, version ${text} not null, primary key (deal_id, model, touch)) ${table}`,

    // 5 outbox
    `create table outbox_write (
      id ${text} primary key not null, run ${text} not null, connection ${text} not null, object ${text} not null,
      entity_id ${text} not null, record_id ${text}, op ${text} not null, fields ${text} not null,
      replaced ${text} not null, status ${text} not null, at ${integer} not null, fault ${text}) ${table}`,
    'create index outbox_write_run on outbox_write (run, at)',
    'create index outbox_write_connection on outbox_write (connection, at)',
    'create index outbox_write_entity on outbox_write (entity_id, at)',
    `create table field_memory (
      ref ${text} not null, field ${text} not null, path ${text} not null, canonical ${text} not null, sent ${text} not null,
      answer ${text}, value ${text} not null, value_at ${integer} not null, value_exact ${integer} not null,
      basis ${integer} not null, repeats ${integer} not null, status ${text} not null, primary key (ref, field)) ${keyedTable}`,

    // Connections and runs
    `create table token (connection ${text} primary key not null, sealed ${text} not null) ${table}`,
    `create table checkpoint (
      connection ${text} not null, stream ${text} not null, value ${text} not null,
      primary key (connection, stream)) ${table}`,
    `create table state (key ${text} primary key not null, value ${text} not null) ${table}`,
    `create table lease (
      name ${text} primary key not null, holder ${text} not null, expires_at ${integer} not null) ${table}`,
    `create table replay (
      connection ${text} not null, key ${text} not null, at ${integer} not null, primary key (connection, key)) ${keyedTable}`,
    'create index replay_at on replay (connection, at)',
    `create table run (
      id ${text} primary key not null, kind ${text} not null, connection ${text}, started_at ${integer} not null,
      ended_at ${integer}, status ${text} not null, counts ${text} not null, message ${text}) ${table}`,
    'create index run_started on run (started_at)',
  ];
}
