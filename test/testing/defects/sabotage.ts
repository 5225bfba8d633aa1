/** Ways to make a sound connector wrong in one point, from outside. */
import type { Connector } from '../../../src/connector/contract/connector.ts';
import type { Context } from '../../../src/connector/contract/context.ts';
import type { Page, Pages, Stream } from '../../../src/connector/contract/reading.ts';
import type { Verdict, WebhookRequest, Webhooks } from '../../../src/connector/contract/webhooks.ts';
import type { Outcome, Sink, Write } from '../../../src/connector/contract/writing.ts';
import type { Fault } from '../../../src/connector/fault.ts';
import type { Asked, Http, HttpRequest, HttpResponse } from '../../../src/connector/http.ts';
import type { ConformanceSubject } from '../../../src/testing/subject.ts';
import type { ToyConfig, ToyContext } from '../toy/config.ts';
import { object } from '../toy/rows.ts';

export type Toy = Connector<ToyConfig>;

export interface Defect {
  /** What such a connector does. */
  readonly name: string;
  readonly toy: Toy;
  /** The checks that notice, of those of its area. */
  readonly caughtBy: readonly string[];
  /** How the kit is told about this one, where it differs. */
  readonly subject?: Partial<ConformanceSubject>;
}

/** Pulls through `pull`, which may call the sound one. */
export function pulling(
  toy: Toy,
  pull: (sound: Stream<ToyConfig>['pull'], ...input: Parameters<Stream<ToyConfig>['pull']>) => Pages,
): Toy {
  const sound = streamOf(toy);
  return { ...toy, streams: { [object]: { ...sound, pull: (...input) => pull(sound.pull, ...input) } } };
}

/** Every page is changed on its way out. */
export function paging(toy: Toy, change: (page: Page, index: number) => Page): Toy {
  return pulling(toy, async function* (pull, ...input) {
    let index = 0;
    for await (const page of pull(...input)) {
      yield change(page, index);
      index += 1;
    }
  });
}

export function fetching(
  toy: Toy,
  fetch: (sound: NonNullable<Stream['fetch']>) => NonNullable<Stream['fetch']>,
): Toy {
  const sound = streamOf(toy);
  const { fetch: look } = sound;
  if (look === undefined) throw new Error('the toy reads by id');
  return { ...toy, streams: { [object]: { ...sound, fetch: fetch(look) } } };
}

export function pushing(
  toy: Toy,
  push: (sound: Sink<ToyConfig>['push'], ctx: ToyContext, writes: readonly Write[]) => Promise<Outcome[]>,
): Toy {
  const sound = toy.sink?.(object);
  if (sound === undefined) throw new Error('the toy writes');
  return { ...toy, sink: () => ({ ...sound, push: (ctx, writes) => push(sound.push, ctx, writes) }) };
}

/** Every write is changed before it is sent. */
export function writing(toy: Toy, change: (write: Write) => Write): Toy {
  return pushing(toy, (push, ctx, writes) => push(ctx, writes.map(change)));
}

/** Every outcome is changed before it is told. */
export function answering(
  toy: Toy,
  change: (outcomes: Outcome[], writes: readonly Write[]) => Outcome[],
): Toy {
  return pushing(toy, async (push, ctx, writes) => change(await push(ctx, writes), writes));
}

/** Every request of the given part of the API is changed before it is sent. */
export function sending(toy: Toy, change: (request: HttpRequest) => HttpRequest): Toy {
  const through = (ctx: ToyContext) =>
    withHttp(ctx, (http) => ({ ...http, send: (request) => http.send(change(request)) }));
  const pulled = pulling(toy, (pull, ctx, ...rest) => pull(through(ctx), ...rest));
  return pushing(pulled, (push, ctx, writes) => push(through(ctx), writes));
}

export function withHttp(ctx: ToyContext, change: (http: Http) => Http): ToyContext {
  return { ...ctx, http: change(ctx.http) };
}

export function judging(
  toy: Toy,
  fault: (sound: Fault | null, answer: HttpResponse, asked: Asked) => Fault | null,
): Toy {
  return { ...toy, fault: (answer, asked) => fault(toy.fault(answer, asked), answer, asked) };
}

export function verifying(toy: Toy, verify: (sound: Verdict, request: WebhookRequest) => Verdict): Toy {
  const sound = webhooksOf(toy);
  return {
    ...toy,
    webhooks: { ...sound, verify: (ctx, request) => verify(sound.verify(ctx, request), request) },
  };
}

export function parsing(
  toy: Toy,
  parse: (sound: Webhooks<ToyConfig>['parse']) => Webhooks<ToyConfig>['parse'],
): Toy {
  const sound = webhooksOf(toy);
  return { ...toy, webhooks: { ...sound, parse: parse(sound.parse.bind(sound)) } };
}

export function checking(
  toy: Toy,
  check: (sound: Toy['check'], ctx: Context<ToyConfig>) => ReturnType<Toy['check']>,
): Toy {
  return { ...toy, check: (ctx) => check(toy.check, ctx) };
}

export function fieldsOf(toy: Toy) {
  if (toy.fields === undefined) throw new Error('the toy provisions fields');
  return toy.fields;
}

export function webhooksOf(toy: Toy): Webhooks<ToyConfig> {
  if (toy.webhooks === undefined) throw new Error('the toy has webhooks');
  return toy.webhooks;
}

function streamOf(toy: Toy): Stream<ToyConfig> {
  const stream = toy.streams?.[object];
  if (stream === undefined) throw new Error('the toy has a stream');
  return stream;
}
