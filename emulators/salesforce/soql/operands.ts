import type { Call, Operand, Path } from './ast.ts';
import type { Tokens } from './tokens.ts';

export function parsePath(tokens: Tokens): Path {
  const first = tokens.expectName();
  const names = [first.text];
  while (tokens.skipSymbol('.')) names.push(tokens.expectName().text);
  return { names, at: first.at };
}

export function parseOperand(tokens: Tokens): Operand {
  if (!tokens.isSymbol('(', 1)) return { kind: 'field', path: parsePath(tokens) };
  return { kind: 'call', call: parseCall(tokens) };
}

function parseCall(tokens: Tokens): Call {
  const name = tokens.expectName();
  tokens.expectSymbol('(');
  const path = tokens.isSymbol(')') ? undefined : argument(tokens);
  tokens.expectSymbol(')');
  return { fn: name.text.toUpperCase(), path, at: name.at };
}

/** `FORMAT(convertCurrency(Amount))`: how a value is written may be said twice. */
function argument(tokens: Tokens): Path {
  if (!tokens.isSymbol('(', 1) || !tokens.isWord('CONVERTCURRENCY')) return parsePath(tokens);
  tokens.expectName();
  tokens.expectSymbol('(');
  const path = parsePath(tokens);
  tokens.expectSymbol(')');
  return path;
}
