/**
 * Solves `A · X = B` for a dense M-matrix A: positive diagonal, nothing positive beside it, no column that sums to
 * less than 0. For such matrices elimination without pivoting is stable. `matrix` holds A and B side by side, `size`
 * rows of `width` numbers; on return X stands where B stood, and A is spent.
 */
export function solveDense(matrix: Float64Array, size: number, width: number): void {
  for (let pivot = 0; pivot < size; pivot += 1) {
    const inverse = 1 / (matrix[pivot * width + pivot] ?? 1);
    for (let row = pivot + 1; row < size; row += 1) subtract(matrix, row, pivot, inverse, width);
  }
  for (let pivot = size - 1; pivot >= 0; pivot -= 1) {
    const inverse = 1 / (matrix[pivot * width + pivot] ?? 1);
    for (let column = size; column < width; column += 1) {
      const solved = (matrix[pivot * width + column] ?? 0) * inverse;
      matrix[pivot * width + column] = solved;
      for (let row = 0; row < pivot; row += 1) {
        const at = row * width + column;
        matrix[at] = (matrix[at] ?? 0) - (matrix[row * width + pivot] ?? 0) * solved;
      }
    }
  }
}

function subtract(matrix: Float64Array, row: number, pivot: number, inverse: number, width: number): void {
  const factor = (matrix[row * width + pivot] ?? 0) * inverse;
  if (factor === 0) return;
  for (let column = pivot; column < width; column += 1) {
    const at = row * width + column;
    matrix[at] = (matrix[at] ?? 0) - factor * (matrix[pivot * width + column] ?? 0);
  }
}
