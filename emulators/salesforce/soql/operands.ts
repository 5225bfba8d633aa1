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
  const fn = name.text.toUpperCase();
  tokens.expectSymbol('(');
  const converted = fn === 'FORMAT' && tokens.isSymbol('(', 1) && tokens.isWord('CONVERTCURRENCY');
  if (converted) {
    tokens.expectName();
    tokens.expectSymbol('(');
  }
  const path = tokens.isSymbol(')') ? undefined : parsePath(tokens);
  if (converted) tokens.expectSymbol(')');
  tokens.expectSymbol(')');
  return { fn, path, converted, at: name.at };
}
