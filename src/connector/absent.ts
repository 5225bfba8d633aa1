/** Streams of objects that an account does not have, or that the hub's user may not read there. */
import type { Stream } from './contract/reading.ts';
import { Fault } from './fault.ts';

/** `remedyFor` knows the vendor's ways to say so: what to do about it, null for any other fault. */
export function withAbsence<C>(
  object: string,
  stream: Stream<C>,
  remedyFor: (fault: Fault) => string | null,
): Stream<C> {
  const named = (error: unknown): never => {
    const remedy = error instanceof Fault ? remedyFor(error) : null;
    throw error instanceof Fault && remedy !== null ? absent(object, error, remedy) : error;
  };
  const { fetch, ids, count, parts } = stream;
  return {
    ...stream,
    async *pull(...input) {
      try {
        return yield* stream.pull(...input);
      } catch (error) {
        return named(error);
      }
    },
    ...(fetch && { fetch: (...input) => fetch(...input).catch(named) }),
    ...(count && { count: (...input) => count(...input).catch(named) }),
    ...(parts && { parts: (...input) => parts(...input).catch(named) }),
    ...(ids && {
      async *ids(...input) {
        try {
          yield* ids(...input);
        } catch (error) {
          named(error);
        }
      },
    }),
  };
}

function absent(object: string, fault: Fault, remedy: string): Fault {
  const { code, status } = fault;
  const said = fault.message.replace(/\s+/g, ' ').replace(/\.$/, '');
  const message = `${object} cannot be read. ${said}. ${remedy}`;
  return new Fault('absent', message, {
    cause: fault,
    ...(code === undefined ? {} : { code }),
    ...(status === undefined ? {} : { status }),
  });
}
