/** Where one check is tried: a fresh emulator, connections to it, and a clock that both share. */
import assert from 'node:assert/strict';
import type { RunningEmulator } from '../../emulators/loopback/contract.ts';
import { memoryVault, type TokenVault } from '../connector/auth.ts';
import type {
  Checkpoint,
  Page,
  Pages,
  PullOptions,
  Rest,
  Stream,
  StreamPosition,
  VendorRecord,
} from '../connector/contract/reading.ts';
import type { CheckResult } from '../connector/contract/sign-in.ts';
import type { Decided, Sink, Write } from '../connector/contract/writing.ts';
import { Fault, type FaultKind } from '../connector/fault.ts';
import { type ConnectionOptions, type OpenConnection, openConnection } from '../connector/open.ts';
import type { JsonObject } from '../support/json.ts';
import { secretsIn } from '../support/schema.ts';
import { type VirtualClock, virtualClock } from './clock.ts';
import type { Evidence } from './evidence.ts';
import { collectAll } from './jobs.ts';
import { pullWhole } from './parts.ts';
import type { ConformanceSubject } from './subject.ts';

const today = Date.UTC(2026, 2, 10, 12);
const connectionName = 'bench';

export type Connection = OpenConnection<unknown>;
export type ConnectionChange = Partial<
  Pick<ConnectionOptions, 'clock' | 'config' | 'signal' | 'timeoutMs' | 'vault' | 'retry'>
>;

export class Bench {
  readonly subject: ConformanceSubject;
  readonly emulator: RunningEmulator;
  readonly clock: VirtualClock;
  readonly evidence: Evidence;
  readonly vault: TokenVault = memoryVault();
  #last = 0;

  private constructor(
    subject: ConformanceSubject,
    emulator: RunningEmulator,
    clock: VirtualClock,
    evidence: Evidence,
  ) {
    this.subject = subject;
    this.emulator = emulator;
    this.clock = clock;
    this.evidence = evidence;
  }

  static async open(subject: ConformanceSubject, evidence: Evidence, knobs: JsonObject = {}): Promise<Bench> {
    const clock = virtualClock(today);
    const all = { ...subject.knobs, ...knobs };
    return new Bench(subject, await subject.emulator.start({ clock, seed: 7, knobs: all }), clock, evidence);
  }

  async close(): Promise<void> {
    const token = await this.vault.read(connectionName);
    for (const text of [token?.accessToken, token?.refreshToken]) this.evidence.secret(text ?? '');
    await this.emulator.close();
  }

  /** Counts up, so that unique fields of what a check makes up stay unique. */
  next(): number {
    this.#last += 1;
    return this.#last;
  }

  /** A connection as the hub opens it. Waits take no time; a time-out is real. */
  connect(change: ConnectionChange = {}): Connection {
    const { connector } = this.subject;
    const config = change.config ?? this.emulator.config;
    for (const secret of secretsIn(connector.config, config)) this.evidence.secret(secret);
    return openConnection(connector, {
      connection: connectionName,
      vault: this.vault,
      clock: this.clock,
      log: this.evidence.log(),
      signal: new AbortController().signal,
      ...change,
      config,
    });
  }

  stream(object: string): Stream {
    const stream = this.subject.connector.streams?.[object];
    assert(stream, `the connector has no stream "${object}"`);
    return stream;
  }

  sink(object: string): Sink {
    const sink = this.subject.connector.sink?.(object);
    assert(sink, `the connector has no sink "${object}"`);
    return sink;
  }

  pull(connection: Connection, object: string, from: Checkpoint | null = null, options?: PullOptions): Pages {
    return pullWhole(this.stream(object), connection, overTheStore(from), options);
  }

  async poll(standing: readonly StreamPosition[], connection = this.connect()): Promise<ReadonlySet<string>> {
    const told = standing.map((one) => ({ ...one, checkpoint: overTheStore(one.checkpoint) }));
    const named = await this.subject.connector.poll?.(connection, told);
    assert(named, 'the connector has no poll');
    return named;
  }

  check(connection = this.connect()): Promise<CheckResult> {
    return this.subject.connector.check(connection);
  }

  /** Reads until the stream has caught up, or `pages` pages; the checkpoint is the last page's. */
  async read(
    object: string,
    from: Checkpoint | null = null,
    pages = Number.POSITIVE_INFINITY,
    connection = this.connect(),
  ): Promise<Reading> {
    return collect(this.pull(connection, object, from), from, pages);
  }

  /** Pushes, and waits for the jobs that the writes went by. */
  async push(object: string, writes: readonly Write[], connection = this.connect()): Promise<Decided[]> {
    const outcomes = await this.sink(object).push(connection, writes);
    const decided = await collectAll(this, object, writes, outcomes);
    for (const outcome of decided) if (outcome.status === 'failed') this.evidence.error(outcome.fault);
    return decided;
  }

  /** Counted calls that `work` made. */
  async callsOf(work: () => Promise<unknown>): Promise<number> {
    const before = this.emulator.requests.counted();
    await work();
    return this.emulator.requests.counted() - before;
  }

  /** All requests that `work` made, sign-in and repeats included. */
  async requestsOf(work: () => Promise<unknown>): Promise<number> {
    const before = this.emulator.requests.entries.length;
    await work();
    return this.emulator.requests.entries.length - before;
  }

  /** The fault that `work` has to end with. */
  async fault(work: () => Promise<unknown>, ...kinds: FaultKind[]): Promise<Fault> {
    const error = await errorOf(work);
    this.evidence.error(error);
    assert(
      error instanceof Fault,
      `expected a ${kinds.join(' or ')} fault, but it ended with: ${String(error)}`,
    );
    assert(
      kinds.includes(error.kind),
      `expected a ${kinds.join(' or ')} fault, not ${error.kind}: ${error.message}`,
    );
    assert(error.message.length > 0, 'the fault says nothing');
    return error;
  }
}

export interface Reading {
  /** Set when the vendor keeps the reading waiting. */
  readonly rest?: Rest;
  readonly pages: readonly Page[];
  readonly records: readonly VendorRecord[];
  readonly checkpoint: Checkpoint | null;
}

export async function collect(
  generator: Pages,
  from: Checkpoint | null = null,
  most = Number.POSITIVE_INFINITY,
): Promise<Reading> {
  const pages: Page[] = [];
  let next = await generator.next();
  for (; !next.done; next = await generator.next()) {
    pages.push(next.value);
    if (pages.length >= most) break;
  }
  await generator.return(undefined);
  const records = pages.flatMap((page) => page.records);
  const rest = next.done && next.value ? { rest: next.value } : {};
  return { pages, records, checkpoint: pages.at(-1)?.checkpoint ?? from, ...rest };
}

/** A checkpoint rests in a column as JSON: what does not survive that is not in it. */
function overTheStore(checkpoint: Checkpoint | null): Checkpoint | null {
  return JSON.parse(JSON.stringify(checkpoint));
}

async function errorOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  return assert.fail('it ended well, although it should not');
}
