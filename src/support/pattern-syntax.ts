/** Reads the text of a regular expression into a tree. Knows what a pattern for whole values needs, refuses the rest. */

/** What a position of the text has to be: a character of a set, or a place between two characters. */
export type Check =
  | { readonly kind: 'character'; readonly has: (character: string) => boolean }
  | { readonly kind: 'start' | 'end' | 'edge' | 'inside' };

export type Tree =
  | { readonly kind: 'check'; readonly check: Check }
  | { readonly kind: 'sequence' | 'either'; readonly parts: readonly Tree[] }
  | { readonly kind: 'repeat'; readonly part: Tree; readonly least: number; readonly most: number };

type Has = (character: string) => boolean;

/** Throws a `SyntaxError` that says what does not go. */
export function parsePattern(source: string): Tree {
  // Finds all that no regular expression may have, so that what follows only meets sound ones.
  new RegExp(source);
  const reader = new Reader(source);
  return reader.either();
}

const sets: Readonly<Record<string, Has>> = {
  d: (character) => /[0-9]/.test(character),
  w: isWord,
  s: (character) => /\s/.test(character),
};

export function isWord(character: string): boolean {
  return /[0-9A-Za-z_]/.test(character);
}

const places: Readonly<Record<string, Check>> = {
  '^': { kind: 'start' },
  $: { kind: 'end' },
  b: { kind: 'edge' },
  B: { kind: 'inside' },
};

const controls: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', v: '\v', f: '\f', '0': '\0' };

const counts = /^\{(\d+)(?:(,)(\d*))?\}/;

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  either(): Tree {
    const parts = [this.#sequence()];
    while (this.#takes('|')) parts.push(this.#sequence());
    return { kind: 'either', parts };
  }

  #sequence(): Tree {
    const parts: Tree[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#next())) parts.push(this.#repeated());
    return { kind: 'sequence', parts };
  }

  #repeated(): Tree {
    const part = this.#atom();
    const [least, most] = this.#times() ?? [1, 1];
    // Lazy or not, a whole value matches or does not.
    if (least !== 1 || most !== 1) this.#takes('?');
    return least === 1 && most === 1 ? part : { kind: 'repeat', part, least, most };
  }

  #times(): readonly [number, number] | null {
    if (this.#takes('*')) return [0, Number.POSITIVE_INFINITY];
    if (this.#takes('+')) return [1, Number.POSITIVE_INFINITY];
    if (this.#takes('?')) return [0, 1];
    const [whole, least, comma, most] = counts.exec(this.#source.slice(this.#at)) ?? [];
    if (whole === undefined) return null;
    this.#at += whole.length;
    if (comma === undefined) return [Number(least), Number(least)];
    return [Number(least), most === '' ? Number.POSITIVE_INFINITY : Number(most)];
  }

  #atom(): Tree {
    const character = this.#take();
    if (character === '(') return this.#group();
    if (character === '[') return check(this.#set());
    if (character === '.') return check((one) => !/[\n\r\u2028\u2029]/.test(one));
    if (character === '\\') return this.#escape();
    const place = character === '^' || character === '$' ? places[character] : undefined;
    return place ? { kind: 'check', check: place } : check(alike(character));
  }

  #group(): Tree {
    if (this.#takes('?') && !this.#takes(':')) {
      if (!/^<[^=!]/.test(this.#source.slice(this.#at))) throw new SyntaxError('it looks ahead or behind');
      this.#at = this.#source.indexOf('>', this.#at) + 1;
    }
    const inner = this.either();
    this.#takes(')');
    return inner;
  }

  #escape(): Tree {
    const name = this.#next();
    if (/[1-9k]/.test(name)) throw new SyntaxError('it refers back to what was matched before');
    const place = name === 'b' || name === 'B' ? places[name] : undefined;
    if (!place) return check(this.#escaped());
    this.#at += 1;
    return { kind: 'check', check: place };
  }

  /** A set or a single character behind a backslash. */
  #escaped(): Has {
    const name = this.#take();
    const set = sets[name.toLowerCase()];
    if (set) return name === name.toLowerCase() ? set : (one) => !set(one);
    return alike(this.#character(name));
  }

  #character(name: string): string {
    const digits = name === 'u' ? 4 : name === 'x' ? 2 : 0;
    const code = this.#source.slice(this.#at, this.#at + digits);
    if (digits > 0 && new RegExp(`^[0-9a-f]{${digits}}$`, 'i').test(code)) {
      this.#at += digits;
      return String.fromCharCode(Number.parseInt(code, 16));
    }
    if (/[pPcux]/.test(name)) throw new SyntaxError(`it holds \\${name}, which is not known here`);
    return controls[name] ?? name;
  }

  #set(): Has {
    const negated = this.#takes('^');
    const members: Has[] = [];
    while (!this.#takes(']')) members.push(this.#member());
    const has: Has = (one) => members.some((member) => member(one));
    return negated ? (one) => !has(one) : has;
  }

  #member(): Has {
    const first = this.#bound();
    if (typeof first !== 'string') return first;
    const isRange = this.#next() === '-' && this.#source[this.#at + 1] !== ']';
    if (!isRange) return alike(first);
    this.#at += 1;
    const last = this.#bound();
    if (typeof last !== 'string') return (one) => alike(first)(one) || one === '-' || last(one);
    return (one) => forms(one).some((form) => form >= first && form <= last);
  }

  /** A single character, or a set such as `\d`. */
  #bound(): string | Has {
    const character = this.#take();
    if (character !== '\\') return character;
    const name = this.#next();
    if (sets[name.toLowerCase()]) return this.#escaped();
    this.#at += 1;
    return name === 'b' ? '\b' : this.#character(name);
  }

  #next(): string {
    return this.#source.charAt(this.#at);
  }

  #take(): string {
    const character = this.#next();
    this.#at += 1;
    return character;
  }

  #takes(character: string): boolean {
    if (this.#next() !== character || this.#at >= this.#source.length) return false;
    this.#at += 1;
    return true;
  }
}

function check(has: Has): Tree {
  return { kind: 'check', check: { kind: 'character', has } };
}

function alike(character: string): Has {
  const wanted = forms(character);
  return (one) => wanted.includes(one);
}

/** The character in either case, where that is one character, too. */
function forms(character: string): string[] {
  const both = [character, character.toLowerCase(), character.toUpperCase()];
  return both.filter((form) => form.length === 1);
}
