import type { Context } from '../connector/contract/context.ts';
import type { Checkpoint, Pages, PullOptions, Stream } from '../connector/contract/reading.ts';
import { isJsonObject } from '../support/json.ts';

/** A pull of the whole stream. With parts, one after the other; the checkpoint is that of each part, by its name. */
export async function* pullWhole<C>(
  stream: Stream<C>,
  ctx: Context<C>,
  from: Checkpoint | null,
  options?: PullOptions,
): Pages {
  if (!stream.parts) return yield* stream.pull(ctx, from, options);
  let places = isJsonObject(from) ? from : {};
  for (const part of await stream.parts(ctx)) {
    for await (const page of stream.pull(ctx, places[part] ?? null, { ...options, part })) {
      places = { ...places, [part]: page.checkpoint };
      yield { ...page, checkpoint: places };
    }
  }
}
