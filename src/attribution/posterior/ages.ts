/** Ages of touches in classes of nearly equal ratio, so that every kernel is a table. */
import { type KernelGrid, shapes } from './kernels.ts';

/** Ages in one class differ by 1 %. */
const width = 0.01;
/** Ages below this part of the longest watch are one class. */
const shortest = 1e-6;

export const ageClasses = Math.ceil(-Math.log(shortest) / width);

/** @param longest the longest watch, days */
export function ageClass(age: number, longest: number): number {
  const above = Math.log(age / (longest * shortest)) / width;
  return above > 0 ? Math.min(ageClasses - 1, Math.floor(above)) : 0;
}

/** The age in the middle of a class, days. */
export function ageOf(index: number, longest: number): number {
  return longest * shortest * Math.exp((index + 0.5) * width);
}

export interface KernelTables {
  /** By kernel and age class, kernel first. */
  readonly density: Float64Array;
  readonly cumulative: Float64Array;
  /** By age class and kernel, age first: a touch is put beside all kernels at once. */
  readonly logDensity: Float64Array;
}

export function tablesOf({ shape, halfLife }: KernelGrid, longest: number): KernelTables {
  const size = shape.length * ageClasses;
  const tables = {
    density: new Float64Array(size),
    logDensity: new Float64Array(size),
    cumulative: new Float64Array(size),
  };
  for (let kernel = 0; kernel < shape.length; kernel += 1) {
    const { density, cumulative } = shapes[shape[kernel] ?? 0] ?? shapes[0] ?? fail();
    for (let index = 0; index < ageClasses; index += 1) {
      const at = kernel * ageClasses + index;
      const age = ageOf(index, longest);
      tables.density[at] = density(age, halfLife[kernel] ?? 1);
      tables.logDensity[index * shape.length + kernel] = Math.log(tables.density[at] ?? 0);
      tables.cumulative[at] = cumulative(age, halfLife[kernel] ?? 1);
    }
  }
  return tables;
}

function fail(): never {
  throw new RangeError('there are no shapes');
}
