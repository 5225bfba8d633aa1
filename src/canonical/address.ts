/**
 * E-mail addresses. People type one address in many ways, and programs add to it: what is compared is the address
 * after full normalisation, what is shown is what was typed without the wrapping.
 */
import { domainToASCII } from 'node:url';

const shape = /^[^\s\p{Cc}@<>,;:"]+@[^\s\p{Cc}@<>,;:"]+\.[^\s\p{Cc}@<>,;:".]{2,}$/u;

/** Nobody sees these, and no mail system counts them: marks of direction, joiners, soft hyphens, fillers, NUL. */
const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}[\p{Cc}--\s]]/gv;

/** Full stops of other scripts, which UTS #46 (section 2.3) takes for dots of a domain. */
const otherDots = /[\u3002\uff0e\uff61]/g;

/** Mail programs and spreadsheets put an address into quotes; one of them alone may be part of it (`o'neil@`). */
const quoted = /^(?<open>['`´‘’‚‛"“”„«‹])(?<inner>.*)['`´‘’"“”»›]$/u;

/** With a name before it; what is longer is a text, and would take long to look through. */
const longest = 1_000;

/**
 * The address alone, in lower case: no mail system in use distinguishes addresses by case. Of several in one field
 * (`a@x.example, b@x.example`) the first that is one. Null: there is none.
 */
export function readAddress(text: string): string | null {
  if (text.length > longest) return null;
  const visible = text.replace(invisible, '').trim();
  for (const part of partsOf(visible)) {
    const address = oneAddress(part);
    if (address !== null) return address;
  }
  return null;
}

/** Blanks part addresses only where all that they part are addresses: `anna berg@x.example` is a mistake, and not Berg's. */
function partsOf(text: string): string[] {
  const parts = text.split(/[,;|\r\n\t]+/);
  const words = text.split(/\s+(?:(?:and|or|und|oder|et|ou|y|o|&|\/)\s+)?/i);
  const areAddresses = words.length > 1 && words.every((word) => oneAddress(word) !== null);
  return areAddresses ? words : parts;
}

function oneAddress(visible: string): string | null {
  const inner = /<([^<>]*)>$/.exec(visible)?.[1] ?? visible;
  const bare = inner.trim().replace(/^mailto:([^?]*).*$/i, '$1');
  const typed = bare.replace(quoted, '$<inner>').normalize('NFKC');
  const address = typed.replace(otherDots, '.').replace(/\.+$/, '').trim().toLowerCase();
  return shape.test(address) ? address.normalize('NFC') : null;
}

/** Equal for equal addresses: `ANNA@Bücher.example` and `anna@xn--bcher-kva.example.` are one. */
export function addressKey(text: string): string | null {
  const address = readAddress(text);
  if (address === null) return null;
  const at = address.lastIndexOf('@');
  const domain = domainToASCII(address.slice(at + 1)) || address.slice(at + 1);
  return `${address.slice(0, at)}@${domain}`;
}

/** Whether both are written forms of one address. */
export function sameAddress(a: string, b: string): boolean {
  const key = addressKey(a);
  return key !== null && key === addressKey(b);
}
