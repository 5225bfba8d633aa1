import type { JsonObject } from '../support/json.ts';
import type { Bench } from './bench.ts';
import type { ConformanceSubject, SinkSubject, StreamSubject } from './subject.ts';

/** One promise of the contract. */
export interface Check {
  readonly name: string;
  /** How it is tried on this connector: once for each stream or sink that it is about. */
  trials(subject: ConformanceSubject): readonly Trial[];
}

export interface Trial {
  /** The check's name, with ` [object]` behind it where it is about one. */
  readonly title: string;
  /** Emulator knobs beyond the subject's own. */
  readonly knobs?: JsonObject;
  /** Throws when the promise is broken. The bench is fresh: an empty emulator, no token, no call made. */
  run(bench: Bench): Promise<void>;
}

export function streamCheck(
  name: string,
  run: (bench: Bench, stream: StreamSubject) => Promise<void>,
  applies: (stream: StreamSubject, bench: ConformanceSubject) => boolean = () => true,
  knobs: (stream: StreamSubject) => JsonObject = () => ({}),
): Check {
  const trial = (stream: StreamSubject): Trial => ({
    title: `${name} [${stream.object}]`,
    knobs: knobs(stream),
    run: (bench) => run(bench, stream),
  });
  return { name, trials: (subject) => subject.streams.filter((one) => applies(one, subject)).map(trial) };
}

export function sinkCheck(
  name: string,
  run: (bench: Bench, sink: SinkSubject) => Promise<void>,
  applies: (sink: SinkSubject) => boolean = () => true,
  knobs: (sink: SinkSubject) => JsonObject = () => ({}),
): Check {
  const trial = (sink: SinkSubject): Trial => ({
    title: `${name} [${sink.object}]`,
    knobs: knobs(sink),
    run: (bench) => run(bench, sink),
  });
  return { name, trials: (subject) => (subject.sinks ?? []).filter((one) => applies(one)).map(trial) };
}

/** A check of the connector as a whole; `about` gives what it is about, or undefined where there is no such thing. */
export function connectorCheck<T>(
  name: string,
  about: (subject: ConformanceSubject) => T | undefined,
  run: (bench: Bench, about: T) => Promise<void>,
  knobs?: (about: T) => JsonObject,
): Check {
  return {
    name,
    trials: (subject) => {
      const found = about(subject);
      if (found === undefined) return [];
      return [{ title: name, run: (bench) => run(bench, found), ...(knobs && { knobs: knobs(found) }) }];
    },
  };
}
