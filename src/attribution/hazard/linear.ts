/** Solves A x = b for a symmetric positive definite A, given row by row (Cholesky). A flat direction gets 0. */
export function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const at = (row: number, column: number) => lower[row * size + column] ?? 0;
  const lower = Float64Array.from(matrix);
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column] ?? 0;
      for (let inner = 0; inner < column; inner += 1) sum -= at(row, inner) * at(column, inner);
      lower[row * size + column] = row === column ? pivot(sum) : sum / at(column, column);
    }
  const x = Float64Array.from(right);
  for (let row = 0; row < size; row += 1) {
    for (let inner = 0; inner < row; inner += 1) x[row] = (x[row] ?? 0) - at(row, inner) * (x[inner] ?? 0);
    x[row] = (x[row] ?? 0) / at(row, row);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    for (let inner = row + 1; inner < size; inner += 1)
      x[row] = (x[row] ?? 0) - at(inner, row) * (x[inner] ?? 0);
    x[row] = (x[row] ?? 0) / at(row, row);
  }
  return x;
}

function pivot(square: number): number {
  return square > 0 ? Math.sqrt(square) : Number.POSITIVE_INFINITY;
}
