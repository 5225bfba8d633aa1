/**
 * Ids that identify nobody. Sites and forms send the text `undefined`, `null` or `[object Object]` where they have
 * no id, and code that takes that for an id makes all visitors one person. `mappings/README.md` shows the list;
 * hub.yaml adds to it.
 */
import type { IdentityKey } from './model.ts';

/** Compared without case, quotes, brackets and invisible characters; `_` and `-` count as spaces. */
const words: ReadonlySet<string> = new Set([
  // what programs print for "no value"
  ...['undefined', 'null', 'nil', 'none', 'nan', 'infinity', 'void', 'empty', 'blank', 'missing', 'invalid'],
  ...['true', 'false', 'error', 'object', 'string', 'not set', 'not provided', 'not defined', 'notset'],
  // what people write for it
  ...[
    'n/a',
    'na',
    'n.a.',
    'n.a',
    '#n/a',
    'not available',
    'not applicable',
    'unknown',
    'unknown user',
    'unidentified',
  ],
  ...['nobody', 'no one', 'noone', 'default', 'placeholder', 'tbd', 'redacted', 'deleted', 'deleted user'],
  // visitors who are not signed in
  ...['anonymous', 'anonymous user', 'anonymous visitor', 'anon', 'guest', 'guest user', 'not authenticated'],
  ...['unauthenticated', 'not logged in', 'logged out', 'not signed in', 'signed out', 'no user', 'no id'],
  ...['noid', 'no user id', 'no userid', 'undef', 'user', 'visitor', 'new visitor', 'unknown visitor'],
  ...['unbekannt', 'gast', 'anonym', 'inconnu', 'anonyme', 'invité', 'desconocido', 'anónimo', 'invitado'],
  ...[
    'sconosciuto',
    'anonimo',
    'ospite',
    'onbekend',
    'anoniem',
    '匿名',
    '游客',
    '访客',
    '未登录',
    'ゲスト',
    '未ログイン',
  ],
  // trials
  ...['test', 'tester', 'testing', 'test user', 'testuser', 'example', 'sample', 'dummy', 'xxx', 'xxxx'],
  // the name of the field in the place of its value
  ...[
    'id',
    'userid',
    'user id',
    'visitorid',
    'visitor id',
    'clientid',
    'client id',
    'sessionid',
    'session id',
  ],
  ...['distinctid', 'distinct id', 'email', 'phone'],
  // what an example of the site's code has in that place
  ...['replace me', 'replaceme', 'change me', 'changeme', 'your id', 'your user id', 'your userid'],
  ...[
    'your visitor id',
    'your client id',
    'your customer id',
    'your session id',
    'insert id here',
    'id here',
  ],
  // what hashing an empty text gives: MD5, SHA-1, SHA-256
  'd41d8cd98f00b204e9800998ecf8427e',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
]);

/** Forms rather than words; on the text as it came, trimmed and in lower case. */
const forms: readonly RegExp[] = [
  /^[^\p{L}\p{N}]*$/u, // nothing but signs: {} [] -- ?
  /^[^\p{L}\p{N}]*0[0\p{P}\s]*(?:aaa)?[^\p{L}\p{N}]*$/u, // 0, 0.0, zero UUIDs, Salesforce's 000000000000000AAA
  /^-\s*1(?:\.0+)?$/,
  /^\W*([0-9a-fx])\1{7}-?(?:\1{4}-?){3}\1{12}\W*$/, // UUIDs of one character, the greatest among them
  /^\W*0{8}-0{4}-[0-8]0{3}-[089ab]0{3}-0{12}\W*$/, // zero with the marks of a version
  /^(?:\[?object \w+\]?[,;\s]*)+$/,
  /^function\b.*\(|^\(.*\) ?=>/,
  /^(?:\{\{.*\}\}|\$\{.*\}|#\{.*\}|<%.*%>|\[\[.*\]\]|%+\w+%+|\*\|.*\|\*|\{\w+\}|\{!.*\}|%7b.*%7d|\$[a-z_][\w.]*)$/, // templates nobody filled in
];

/** What programs print, and nobody is called. */
const printed: ReadonlySet<string> = new Set(['undefined', 'null', 'nil', 'none', 'nan']);
/** Hardly any id has one in it, and to take every id apart costs more than to look. */
const hasPrinted = new RegExp([...printed].join('|'));

/** What stands around it: the name of a field, and the prefix of a cookie. */
const labels: ReadonlySet<string> = new Set([
  ...['user', 'userid', 'uid', 'id', 'visitor', 'visitorid', 'client', 'clientid', 'session', 'sessionid'],
  ...['customer', 'customerid', 'contact', 'contactid', 'lead', 'leadid', 'member', 'account', 'accountid'],
  ...[
    'device',
    'deviceid',
    'cookie',
    'distinct',
    'anonymous',
    'anon',
    'external',
    'ga',
    'ga1',
    'fb',
    '1',
    '2',
  ],
]);

/** Anything longer is not a placeholder. */
const longest = 200;

/** Local parts that no person writes from, whatever the domain. */
const noMailbox =
  /^(?:no[-._]?e?-?mail|(?:no[-._]?reply|do[-._]?not[-._]?reply|mailer[-._]?daemon)(?:[-+._].*)?|undefined|null|none|nan)$/;
/** A stand-in name makes a stand-in address only at such a domain: `test@` of a real company may be somebody. */
const standInDomain =
  /^(?:example|test|none|null|undefined|unknown|na|nan|noemail|no-email|nomail|email|domain|xxx)\.[a-z.]+$/;

/** Entries of hub.yaml in the form in which ids are compared. */
export function placeholderWords(entries: readonly string[]): ReadonlySet<string> {
  return new Set(entries.map(comparable));
}

/** True: the text says that there is no id. `more` comes from `placeholderWords`. */
export function isPlaceholder(kind: IdentityKey['kind'], text: string, more: ReadonlySet<string>): boolean {
  if (text.length > longest) return false;
  if (isStandIn(text, more)) return true;
  return special[kind]?.(text.toLowerCase(), more) ?? false;
}

function isStandIn(text: string, more: ReadonlySet<string>): boolean {
  const bare = unquoted(visible(text));
  const word = wordOf(bare);
  if (words.has(word) || more.has(word)) return true;
  const typed = bare.toLowerCase();
  return isMadeOfNothing(typed) || forms.some((form) => form.test(typed));
}

/** `user_undefined`, `undefined,undefined`, `GA1.2.null`, `{"id":null}`: nothing but printed words and labels. */
function isMadeOfNothing(typed: string): boolean {
  if (!hasPrinted.test(typed)) return false;
  const parts = typed.split(/(?:[^\p{L}\p{N}]|(?<=undefined|null)(?=undefined|null))+/u).filter(Boolean);
  return (
    parts.some((part) => printed.has(part)) && parts.every((part) => printed.has(part) || labels.has(part))
  );
}

type Special = (text: string, more: ReadonlySet<string>) => boolean;

/** Kinds whose values have parts. */
const special: Readonly<Partial<Record<IdentityKey['kind'], Special>>> = {
  email: (text, more) => {
    const at = text.lastIndexOf('@');
    const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
    return noMailbox.test(local) || (standInDomain.test(domain) && isStandIn(local, more));
  },
  domain: (text) => /^(?:none|null|undefined)\.[a-z.]+$/.test(text),
  phone: (text) => /(\d)\1{6}$/.test(text.replace(/\D/g, '')) || /0?123456789?0?$/.test(text),
};

const invisible = /[\p{Cf}\p{Cc}]/gu;
/** Printable ASCII: nothing in it is invisible, or another way to write something. */
const plain = /^[ -~]*$/;

function visible(text: string): string {
  return plain.test(text) ? text : text.normalize('NFKC').replace(invisible, '');
}

function comparable(text: string): string {
  return wordOf(unquoted(visible(text)));
}

function wordOf(bare: string): string {
  return bare
    .replace(/^[<([{]+|[>)\]}]+$/g, '')
    .replace(/[\s_-]+/g, ' ')
    .trim()
    .toLowerCase();
}

function unquoted(text: string): string {
  return text.replace(/^[\s"'`´‘’“”«»\\]+|[\s"'`´‘’“”«»\\]+$/gu, '');
}
