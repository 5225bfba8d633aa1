/** Observations without the touches of some channels; people and their days stay. */
import type { Observations } from '../hazard/observations.ts';

export function withoutChannels(observations: Observations, names: readonly string[]): Observations {
  const { channels, channel, time, starts } = observations;
  const stays = channels.map((name) => !names.includes(name));
  if (stays.every(Boolean)) return observations;
  const kept = channels.filter((_, index) => stays[index]);
  const renamed = Int32Array.from(channels, (name) => kept.indexOf(name));
  const left = { channel: new Int32Array(channel.length), time: new Float64Array(channel.length) };
  const firsts = new Int32Array(starts.length);
  let to = 0;
  for (let person = 0; person + 1 < starts.length; person += 1) {
    for (let touch = starts[person] ?? 0; touch < (starts[person + 1] ?? 0); touch += 1) {
      const id = renamed[channel[touch] ?? 0] ?? gone;
      if (id === gone) continue;
      left.channel[to] = id;
      left.time[to] = time[touch] ?? 0;
      to += 1;
    }
    firsts[person + 1] = to;
  }
  return {
    ...observations,
    channels: kept,
    channel: left.channel.slice(0, to),
    time: left.time.slice(0, to),
    starts: firsts,
  };
}

/** As `indexOf` says that there is none. */
const gone = -1;
