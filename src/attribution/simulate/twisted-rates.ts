/** What the rate of conversion is made of in a world with twists. */
import type { SimulatedTouch } from './life.ts';
import type { SimulatedChannel } from './scenarios.ts';

/** One person's world. */
export interface Twisted {
  readonly channels: readonly SimulatedChannel[];
  /** Per day, on a working day. */
  readonly baseline: number;
  /** What is left of all rates at this time, 0 to 1. */
  busy(time: number): number;
}

const weekDays = 7;

/** Of what comes anyway, and of each touch so far. */
export function twistedRates(world: Twisted, touches: readonly SimulatedTouch[], time: number): number[] {
  const busy = world.busy(time);
  const added = new Array<number>(touches.length).fill(0);
  world.channels.forEach((channel, id) => {
    const own = [...touches.keys()].filter((index) => touches[index]?.channel === id);
    if (own.length === 0) return;
    const factor =
      busy * channel.effect * tired(channel, own, touches, time) * helped(world, channel, touches, time);
    sated(
      channel,
      own.map((index) => time - (touches[index]?.time ?? 0)),
    ).forEach((density, place) => {
      added[own[place] ?? 0] = factor * density;
    });
  });
  return [world.baseline * busy, ...added];
}

/** No sum of the rates is higher until the next touch. */
export function highestRate(world: Twisted, touches: readonly SimulatedTouch[], time: number): number {
  return touches.reduce((sum, touch) => {
    const channel = world.channels[touch.channel];
    if (!channel) return sum;
    const age = Math.max(time - touch.time, peakAge(channel));
    return sum + channel.effect * (channel.twists?.together?.factor ?? 1) * density(channel, age);
  }, world.baseline);
}

function tired(
  { twists }: SimulatedChannel,
  own: readonly number[],
  touches: readonly SimulatedTouch[],
  time: number,
): number {
  if (twists?.tiresAfter === undefined) return 1;
  const recent = own.filter((index) => time - (touches[index]?.time ?? 0) < weekDays).length;
  return recent > twists.tiresAfter ? 0.5 : 1;
}

function helped(
  { channels }: Twisted,
  { twists }: SimulatedChannel,
  touches: readonly SimulatedTouch[],
  time: number,
): number {
  const { together } = twists ?? {};
  const met = touches.some(
    (touch) => channels[touch.channel]?.name === together?.other && time - touch.time < weekDays,
  );
  return together && met ? together.factor : 1;
}

/** Of touches of these ages, oldest first: what each adds to those before it. */
function sated(channel: SimulatedChannel, ages: readonly number[]): number[] {
  const enough = channel.twists?.enough;
  const densities = ages.map((age) => density(channel, age));
  if (enough === undefined) return densities;
  const peak = density(channel, peakAge(channel));
  let [stock, height] = [0, 0];
  return densities.map((one) => {
    stock += one / peak;
    const next = enough * (1 - Math.exp(-stock / enough));
    const added = (next - height) * peak;
    height = next;
    return added;
  });
}

function density({ halfLifeDays, twists }: SimulatedChannel, age: number): number {
  const decay = Math.LN2 / halfLifeDays;
  if (!twists?.onsetDays) return decay * Math.exp(-decay * age);
  const rise = 1 / twists.onsetDays;
  return ((rise * decay) / (rise - decay)) * (Math.exp(-decay * age) - Math.exp(-rise * age));
}

function peakAge({ halfLifeDays, twists }: SimulatedChannel): number {
  if (!twists?.onsetDays) return 0;
  const [decay, rise] = [Math.LN2 / halfLifeDays, 1 / twists.onsetDays];
  return Math.log(rise / decay) / (rise - decay);
}
