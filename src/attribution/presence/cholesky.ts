/** Symmetric positive definite systems by their lower triangle (Cholesky). */

/** Lower triangle L with L Lᵀ = matrix, row by row; the matrix is positive definite. */
export function cholesky(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column] ?? 0;
      for (let at = 0; at < column; at += 1)
        sum -= (lower[row * size + at] ?? 0) * (lower[column * size + at] ?? 0);
      lower[row * size + column] =
        row === column ? Math.sqrt(Math.max(sum, 1e-300)) : sum / (lower[column * size + column] ?? 1);
    }
  return lower;
}

export function solveCholesky(lower: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const solved = forward(lower, right);
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = solved[row] ?? 0;
    for (let at = row + 1; at < size; at += 1) sum -= (lower[at * size + row] ?? 0) * (solved[at] ?? 0);
    solved[row] = sum / (lower[row * size + row] ?? 1);
  }
  return solved;
}

function forward(lower: Float64Array, right: Float64Array, from = 0): Float64Array {
  const size = right.length;
  const solved = Float64Array.from(right);
  for (let row = from; row < size; row += 1) {
    let sum = solved[row] ?? 0;
    for (let at = from; at < row; at += 1) sum -= (lower[row * size + at] ?? 0) * (solved[at] ?? 0);
    solved[row] = sum / (lower[row * size + row] ?? 1);
  }
  return solved;
}

/** Diagonal of (L Lᵀ)⁻¹: the squared lengths of the columns of L⁻¹. */
export function inverseDiagonal(lower: Float64Array, size: number): Float64Array {
  const diagonal = new Float64Array(size);
  for (let column = 0; column < size; column += 1) {
    const unit = new Float64Array(size);
    unit[column] = 1;
    diagonal[column] = forward(lower, unit, column).reduce((sum, one) => sum + one * one, 0);
  }
  return diagonal;
}

export function logRootDeterminant(lower: Float64Array, size: number): number {
  let sum = 0;
  for (let at = 0; at < size; at += 1) sum += Math.log(lower[at * size + at] ?? 1);
  return sum;
}
