import { parseTime } from '../time.ts';
import type { Comparison, Condition, Literal, Operand, Query } from './ast.ts';
import { soqlFault } from './fault.ts';
import type { Token } from './lexer.ts';
import { parseOperand } from './operands.ts';
import type { Tokens } from './tokens.ts';

type ParseQuery = (tokens: Tokens) => Query;

/** `AND` and `OR` do not mix without parentheses: the second kind is an unexpected token. */
export function parseCondition(tokens: Tokens, subquery: ParseQuery): Condition {
  const first = parseTerm(tokens, subquery);
  const kind = tokens.isWord('AND') ? 'and' : tokens.isWord('OR') ? 'or' : undefined;
  if (kind === undefined) return first;
  const parts = [first];
  while (tokens.skipWords(kind.toUpperCase())) parts.push(parseTerm(tokens, subquery));
  if (tokens.isWord('AND') || tokens.isWord('OR')) throw tokens.unexpected();
  return { kind, parts };
}

function parseTerm(tokens: Tokens, subquery: ParseQuery): Condition {
  if (tokens.skipWords('NOT')) return { kind: 'not', part: parseTerm(tokens, subquery) };
  if (tokens.skipSymbol('(')) {
    const inner = parseCondition(tokens, subquery);
    tokens.expectSymbol(')');
    return inner;
  }
  return parseComparison(tokens, subquery);
}

const symbols: Readonly<Record<string, Comparison>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function parseComparison(tokens: Tokens, subquery: ParseQuery): Condition {
  const left = parseOperand(tokens);
  if (tokens.skipWords('LIKE')) return { kind: 'compare', left, op: 'LIKE', right: parseLiteral(tokens) };
  if (tokens.skipWords('NOT', 'IN')) return parseMembership(tokens, left, true, subquery);
  if (tokens.skipWords('IN')) return parseMembership(tokens, left, false, subquery);
  if (tokens.skipWords('INCLUDES')) return parseList(tokens, 'includes', left, false);
  if (tokens.skipWords('EXCLUDES')) return parseList(tokens, 'includes', left, true);
  const op = tokens.peek().kind === 'symbol' ? symbols[tokens.peek().text] : undefined;
  if (op === undefined) throw tokens.unexpected();
  tokens.take();
  return { kind: 'compare', left, op, right: parseLiteral(tokens) };
}

function parseMembership(tokens: Tokens, left: Operand, negated: boolean, subquery: ParseQuery): Condition {
  if (!tokens.isWord('SELECT', 1)) return parseList(tokens, 'in', left, negated);
  tokens.expectSymbol('(');
  const query = subquery(tokens);
  tokens.expectSymbol(')');
  return { kind: 'semijoin', left, negated, query };
}

function parseList(tokens: Tokens, kind: 'in' | 'includes', left: Operand, negated: boolean): Condition {
  tokens.expectSymbol('(');
  const values = [parseLiteral(tokens)];
  while (tokens.skipSymbol(',')) values.push(parseLiteral(tokens));
  tokens.expectSymbol(')');
  return { kind, left, negated, values };
}

function parseLiteral(tokens: Tokens): Literal {
  const token = tokens.peek();
  const literal = fromToken(token) ?? fromWord(tokens, token);
  if (literal === undefined) throw notALiteral(tokens, token);
  tokens.take();
  if (literal.kind !== 'range' || !counted.test(literal.name)) return literal;
  tokens.expectSymbol(':');
  return { ...literal, count: tokens.expectInteger() };
}

/** A bare word is taken for a bind variable, which only Apex has. */
function notALiteral(tokens: Tokens, token: Token): Error {
  if (token.kind !== 'name' && token.text !== ':') return tokens.unexpected(token);
  return soqlFault('MALFORMED_QUERY', tokens.text, token.at, 'Bind variables only allowed in Apex code');
}

function fromToken({ kind, text, at }: Token): Literal | undefined {
  if (kind === 'string') return { kind, value: text, at };
  if (kind === 'number') return { kind, value: Number(text), at };
  if (kind === 'date') return { kind, value: text, at };
  if (kind === 'datetime') return { kind, value: parseTime(text.toUpperCase()) ?? 0, at };
  return undefined;
}

const unit = '(DAY|WEEK|MONTH|QUARTER|YEAR|FISCAL_QUARTER|FISCAL_YEAR)';
const ranges = new RegExp(
  `^(YESTERDAY|TODAY|TOMORROW|(LAST|NEXT)_90_DAYS|(LAST|THIS|NEXT)_(?!DAY$)${unit}|(LAST|NEXT)_N_${unit}S|N_${unit}S_AGO)$`,
);
/** `LAST_N_DAYS` is nothing without a number, and `TODAY` nothing with one. */
const counted = /(^|_)N_/;

function fromWord(tokens: Tokens, { kind, text, at }: Token): Literal | undefined {
  if (kind !== 'name') return undefined;
  if (tokens.isWord('NULL')) return { kind: 'null', at };
  if (tokens.isWord('TRUE') || tokens.isWord('FALSE'))
    return { kind: 'boolean', value: tokens.isWord('TRUE'), at };
  const name = text.toUpperCase();
  return ranges.test(name) ? { kind: 'range', name, count: undefined, at } : undefined;
}
