/** Whose events are no touches of a buyer: employees, bots, and tests of one's own. */
import type { CanonicalEvent } from '../canonical/events.ts';
import type { Json } from '../support/json.ts';

export type LeftOutBecause = 'employees' | 'bots' | 'tests';

export interface LeaveOut {
  /** Domains, each with its subdomains, and single addresses. */
  readonly employees: readonly string[];
  /** Words of user agents, in any case. */
  readonly bots: readonly string[];
  /** Addresses of testers; `*` stands for any characters. */
  readonly testAddresses: readonly string[];
  /** Values of utm_source, utm_medium or utm_campaign that mark a test, in any case. */
  readonly testUtm: readonly string[];
}

/** @returns null for an event that counts; `address` is that of its person, where it is known */
export type LeaveOutRule = (event: CanonicalEvent, address: string | null) => LeftOutBecause | null;

export function leaveOutRule(settings: LeaveOut): LeaveOutRule {
  const isEmployee = addressRule(settings.employees);
  const isTester = matcher(settings.testAddresses);
  const bots = settings.bots.map((word) => word.toLowerCase());
  const utm = new Set(settings.testUtm.map((value) => value.toLowerCase()));
  return ({ data }, address) => {
    if (address !== null && isEmployee(address.toLowerCase())) return 'employees';
    if (isOneOf(bots, data.userAgent)) return 'bots';
    if (data.test === true || (address !== null && isTester(address)) || hasMark(utm, data.utm))
      return 'tests';
    return null;
  };
}

function addressRule(employees: readonly string[]): (address: string) => boolean {
  const named = employees.map((one) => one.toLowerCase().replace(/^@/, ''));
  const addresses = new Set(named.filter((one) => one.includes('@')));
  const domains = named.filter((one) => !one.includes('@'));
  return (address) => {
    if (addresses.has(address)) return true;
    const host = address.slice(address.lastIndexOf('@') + 1);
    return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
  };
}

function matcher(patterns: readonly string[]): (address: string) => boolean {
  const parts = patterns.map((pattern) => pattern.toLowerCase().split('*'));
  return (address) => parts.some((pieces) => isLike(address.toLowerCase(), pieces));
}

/** Whether a text is these pieces with anything between them. */
function isLike(text: string, pieces: readonly string[]): boolean {
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return text === first;
  const last = rest.at(-1) ?? '';
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of rest.slice(0, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}

/** A maker of phones whose name ends in a bot. */
const phones = 'cubot';

function isOneOf(words: readonly string[], userAgent: Json | undefined): boolean {
  if (typeof userAgent !== 'string') return false;
  const told = userAgent.toLowerCase().replaceAll(phones, '');
  return words.some((word) => told.includes(word));
}

function hasMark(marks: ReadonlySet<string>, utm: Json | undefined): boolean {
  if (typeof utm !== 'object' || utm === null) return false;
  const marking = ['source', 'medium', 'campaign'];
  return Object.entries(utm).some(
    ([name, value]) => marking.includes(name) && marks.has(String(value).toLowerCase()),
  );
}
