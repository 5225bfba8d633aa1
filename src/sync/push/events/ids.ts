/** The name by which a vendor knows a repeated event. */

/** The hub's own id in the first spelling that fits; the same for the same event, always. */
export function idThatFits(event: string, pattern: RegExp | undefined): string {
  const spellings = [event, uuidOf(event), digitsOf(event)];
  const fitting = spellings.find((one) => pattern?.test(one) ?? true);
  if (fitting === undefined) throw new Error(`no spelling of the id ${event} fits ${pattern?.source}`);
  return fitting;
}

function uuidOf(hex: string): string {
  const at = (from: number, to: number) => hex.slice(from, to);
  return [at(0, 8), at(8, 12), at(12, 16), at(16, 20), at(20, 32)].join('-');
}

/** Of the first 59 bits: 18 digits. */
function digitsOf(hex: string): string {
  const number = BigInt(`0x${hex.slice(0, 15)}`) % 10n ** 18n;
  return number.toString().padStart(18, '0');
}
