/** Typed arrays that grow by doubling, so that appending costs constant time; new cells are 0. */

interface Cells {
  readonly length: number;
  set(from: ArrayLike<number>): void;
}

function widener<Array extends Cells & ArrayLike<number>>(create: (length: number) => Array) {
  return (array: Array, needed: number): Array => {
    if (needed <= array.length) return array;
    const wider = create(Math.max(needed, array.length * 2, 16));
    wider.set(array);
    return wider;
  };
}

export const widenInt32 = widener<Int32Array<ArrayBuffer>>((length) => new Int32Array(length));
export const widenUint8 = widener<Uint8Array<ArrayBuffer>>((length) => new Uint8Array(length));
export const widenFloat64 = widener<Float64Array<ArrayBuffer>>((length) => new Float64Array(length));
