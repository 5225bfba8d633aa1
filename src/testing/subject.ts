/**
 * What a connector's test tells the conformance kit: the connector, its emulator, and the few things that only
 * somebody who knows the vendor can say. All times are in ms.
 */

import type {
  EmulatedRecords,
  EmulatorDefinition,
  RunningEmulator,
} from '../../emulators/loopback/contract.ts';
import type { Connector } from '../connector/contract/connector.ts';
import type { FieldSpec } from '../connector/contract/fields.ts';
import type { PullOptions } from '../connector/contract/reading.ts';
import type { Json, JsonObject } from '../support/json.ts';

export interface ConformanceSubject<C = unknown> {
  readonly connector: Connector<C>;
  readonly emulator: EmulatorDefinition;
  /** Emulator knobs of every run (small pages make quick tests). */
  readonly knobs?: JsonObject;
  readonly signIn: SignInSubject;
  /** The streams to check: one of each way of reading is enough. */
  readonly streams: readonly StreamSubject[];
  readonly sinks?: readonly SinkSubject[];
  readonly appenders?: readonly AppendSubject[];
  readonly webhooks?: WebhookSubject;
  readonly fields?: FieldsSubject;
  /** A stream of very many records that the emulator makes up on the fly. */
  readonly memory?: MemorySubject;
  /** Known gaps. A waived check shows as skipped, with its reason in its name. */
  readonly waivers?: readonly Waiver[];
}

export interface Waiver {
  /** A check's name; with ` [object]` behind it for one stream or sink alone. */
  readonly check: string;
  readonly reason: string;
}

export interface SignInSubject {
  /** Settings that look right and are refused: one for each credential. */
  readonly bad: readonly { readonly name: string; config(good: JsonObject): JsonObject }[];
  /** False where a dead token can be replaced by a person only (fixed keys). Default true. */
  readonly renews?: boolean;
  /** Knobs that take a permission away, and how `check` names it. */
  readonly missing?: { readonly knobs: JsonObject; readonly permission: string };
}

export interface StreamSubject {
  /** Name of the stream, and of the emulator's object. */
  readonly object: string;
  /** Fields of the nth record, as a user would enter them; parents may be made on the way. */
  record(n: number, records: EmulatedRecords): JsonObject;
  /** Fields that a user changes; the texts in them are looked for in what is read. Absent: records never change. */
  readonly change?: JsonObject;
  /** How many records a page has under `knobs`; the stream's own `pageSize` when absent. */
  readonly perPage?: number;
  /** Counted calls that a pull may make when nothing has changed. */
  readonly idleCalls: number;
  /** How long after its change stamp a record may become visible and is still found. Absent: it cannot happen. */
  readonly lateByMs?: number;
  /** What mappings ask for beyond the stream's own fields: custom fields, change times, past values. */
  readonly options?: PullOptions;
  /** Default true. */
  readonly deletes?: boolean;
  /** Default false. */
  readonly merges?: boolean;
  /** Knobs under which the vendor keeps a first reading waiting, and the route by which one is asked for. */
  readonly slow?: { readonly knobs: JsonObject; readonly starts: string };
}

export interface SinkSubject {
  readonly object: string;
  /** Name of the unique field that upserts go by. */
  readonly externalId: string;
  /** A second field of the key, at vendors that find records by two fields that are unique together. */
  readonly beside?: string;
  /** What the hub would write for the nth record, the external id field left out. */
  fields(n: number, records: EmulatedRecords): Readonly<Record<string, Json>>;
  /** A free text field among them, found under the same name in the emulator's records. */
  readonly text: string;
  /** A field that null clears; the text field when absent. */
  readonly clears?: string;
  /** Fields that the vendor refuses, and which of them it blames, where it says so. */
  readonly bad: { readonly fields: Readonly<Record<string, Json>>; readonly blames?: string };
  /** What has to exist in the CRM before (external id fields); done with `provision`. */
  readonly provisioned?: readonly FieldSpec[];
  /** Default true. */
  readonly deletes?: boolean;
  /** Whether a write may carry the version that it expects. Default false. */
  readonly conditional?: boolean;
  /** Knobs under which the vendor decides writes later (imports). */
  readonly slow?: { readonly knobs: JsonObject };
  /** Counted calls for so many upserts, when all goes well. */
  callsFor?(writes: number): number;
}

/** Of what is written once: events. */
export interface AppendSubject {
  readonly object: string;
  /** An id of the nth event, as the hub would spell it for the vendor. */
  id(n: number): string;
  body(n: number): JsonObject;
  /** A text in the body. */
  readonly text: string;
  /** What, put into a body, makes the vendor refuse the event. */
  readonly bad: JsonObject;
  /** Ids of all events that the emulator has, one that arrived twice twice; and the text of one of them. */
  arrived(emulator: RunningEmulator): readonly string[];
  read(emulator: RunningEmulator, id: string): Json | undefined;
}

export interface WebhookSubject {
  /** A stream of the subject; a new record of it causes a delivery. */
  readonly object: string;
  /** A delivery older than this is refused. Absent: deliveries carry no time, and a replay causes one more reading. */
  readonly windowMs?: number;
  /**
   * Whether the proof covers the body. Default true. False: a secret in the address is all there is, so nothing
   * of what a delivery says may be believed but ids, which are read again.
   */
  readonly signed?: boolean;
  /** Path and query of the hub's address, where the proof is in it. */
  path?(config: JsonObject): string;
  /** Headers of other, older kinds of signature, which the connector rightly does not look at. */
  readonly unread?: readonly string[];
}

export interface FieldsSubject {
  /** A field that every account has. */
  readonly known: { readonly object: string; readonly name: string };
  /** What the hub wants to exist; none of it does in an empty emulator. */
  readonly wanted: readonly FieldSpec[];
  /** Knobs under which the vendor takes its time over what it was asked for, how long, and the route of asking. */
  readonly slow?: { readonly knobs: JsonObject; readonly takesMs: number; readonly starts: string };
}

export interface MemorySubject {
  readonly object: string;
  readonly knobs: JsonObject;
  readonly records: number;
}
