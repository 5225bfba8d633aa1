/** SOQL's grammar: https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select.htm */
import type { Ordering, Query, Selection } from './ast.ts';
import { parseCondition } from './conditions.ts';
import { soqlFault } from './fault.ts';
import { parseOperand, parsePath } from './operands.ts';
import { Tokens } from './tokens.ts';

export function parseSoql(text: string): Query {
  const tokens = new Tokens(text);
  const query = parseQuery(tokens);
  if (tokens.peek().kind !== 'end') throw tokens.unexpected();
  return query;
}

const clauseWords = [
  'USING',
  'WHERE',
  'WITH',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'OFFSET',
  'FOR',
  'ALL',
  'UPDATE',
];

function parseQuery(tokens: Tokens): Query {
  tokens.expectWord('SELECT');
  const select = listOf(tokens, () => parseSelection(tokens));
  tokens.expectWord('FROM');
  const from = parsePath(tokens);
  const alias = parseAlias(tokens);
  const scope = tokens.skipWords('USING', 'SCOPE') ? parsePath(tokens) : undefined;
  const where = tokens.skipWords('WHERE') ? parseCondition(tokens, parseQuery) : undefined;
  const groupBy = tokens.skipWords('GROUP', 'BY') ? listOf(tokens, () => parseOperand(tokens)) : [];
  const having =
    groupBy.length > 0 && tokens.skipWords('HAVING') ? parseCondition(tokens, parseQuery) : undefined;
  const orderBy = tokens.skipWords('ORDER', 'BY') ? listOf(tokens, () => parseOrdering(tokens)) : [];
  const limit = tokens.skipWords('LIMIT') ? tokens.expectInteger() : undefined;
  const offset = tokens.skipWords('OFFSET') ? tokens.expectInteger() : undefined;
  if (tokens.skipWords('FOR')) listOf(tokens, () => parseUse(tokens));
  if (tokens.isWord('ALL') && tokens.isWord('ROWS', 1)) throw onlyInApex(tokens);
  return { text: tokens.text, select, from, alias, scope, where, groupBy, having, orderBy, limit, offset };
}

/** What shows records to somebody is noted on them, in fields that are not kept here. */
function parseUse(tokens: Tokens): void {
  if (!tokens.skipWords('VIEW') && !tokens.skipWords('REFERENCE')) throw tokens.unexpected();
}

/** Clients of the API ask `queryAll` instead. */
function onlyInApex(tokens: Tokens): Error {
  return soqlFault('MALFORMED_QUERY', tokens.text, tokens.peek().at, 'ALL ROWS not allowed in this context');
}

function listOf<T>(tokens: Tokens, one: () => T): T[] {
  const list = [one()];
  while (tokens.skipSymbol(',')) list.push(one());
  return list;
}

function parseAlias(tokens: Tokens): string | undefined {
  if (tokens.peek().kind !== 'name' || clauseWords.some((word) => tokens.isWord(word))) return undefined;
  return tokens.take().text;
}

function parseSelection(tokens: Tokens): Selection {
  if (tokens.skipSymbol('(')) {
    const query = parseQuery(tokens);
    tokens.expectSymbol(')');
    return { kind: 'children', query };
  }
  const operand = parseOperand(tokens);
  const named = tokens.peek().kind === 'name' && !tokens.isWord('FROM');
  const alias = named ? tokens.take().text : undefined;
  return { ...operand, alias };
}

function parseOrdering(tokens: Tokens): Ordering {
  const by = parseOperand(tokens);
  const descending = tokens.skipWords('DESC');
  if (!descending) tokens.skipWords('ASC');
  const nullsLast = tokens.skipWords('NULLS', 'LAST');
  if (!nullsLast) tokens.skipWords('NULLS', 'FIRST');
  return { by, descending, nullsLast };
}
