import { soqlFault } from './fault.ts';
import { type Token, tokenize } from './lexer.ts';

/** Reading position in a query. Words are compared without regard to case. */
export class Tokens {
  readonly text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.text = text;
    this.#tokens = tokenize(text);
  }

  peek(ahead = 0): Token {
    return this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] as Token;
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  isWord(word: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'name' && token.text.toUpperCase() === word;
  }

  isSymbol(symbol: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'symbol' && token.text === symbol;
  }

  /** Takes these words if they come next, all or none. */
  skipWords(...words: string[]): boolean {
    if (!words.every((word, index) => this.isWord(word, index))) return false;
    this.#next += words.length;
    return true;
  }

  skipSymbol(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false;
    this.#next++;
    return true;
  }

  expectSymbol(symbol: string): void {
    if (!this.skipSymbol(symbol)) throw this.unexpected();
  }

  expectWord(word: string): void {
    if (!this.skipWords(word)) throw this.unexpected();
  }

  expectName(): Token {
    if (this.peek().kind !== 'name') throw this.unexpected();
    return this.take();
  }

  expectInteger(): number {
    const token = this.peek();
    if (token.kind !== 'number' || !/^\d+$/.test(token.text)) throw this.unexpected();
    return Number(this.take().text);
  }

  unexpected(token = this.peek()): Error {
    return soqlFault('MALFORMED_QUERY', this.text, token.at, `unexpected token: '${token.text}'`);
  }
}
