/** What a system is told of an event: `sends`, `since` and `body` of a section. */
import { type CanonicalEvent, eventTypes } from '../../canonical/events.ts';
import { canonicalFields, type EntityKind } from '../../canonical/model.ts';
import type { Json, JsonObject } from '../../support/json.ts';
import type { CompiledSender, ToldEvent } from '../language/compiled.ts';
import { isBlank } from '../language/kinds.ts';
import type { Section } from '../language/schema.ts';
import type { Scope } from '../language/scope.ts';

type Teller = (told: ToldEvent) => Json | undefined;

const ofEvent: Readonly<Record<string, (event: CanonicalEvent) => Json>> = {
  $id: ({ id }) => id,
  $type: ({ type }) => type,
  $time: ({ time }) => new Date(time).toISOString(),
  $timeMs: ({ time }) => time,
  $timeSeconds: ({ time }) => Math.floor(time / 1000),
};

const kinds: Readonly<Record<'person' | 'deal', EntityKind>> = { person: 'Person', deal: 'Deal' };

export function compileSender({ sends, since, body }: Section, scope: Scope): CompiledSender | undefined {
  if (sends === undefined) {
    if (since ?? body)
      scope.complain('`since` and `body` are words for what is sent.', 'Add `sends:` with types of events.');
    return undefined;
  }
  if (body === undefined) scope.complain('`sends` needs a `body`.', 'Say what is sent of an event.');
  if (sends.length === 0) scope.complain('`sends` names no event.', `There are ${eventTypes.join(', ')}.`);
  const tellers = Object.entries(body ?? {}).map(([name, entry]) => ({
    name,
    from: typeof entry === 'string' ? entry : name,
    needed: typeof entry === 'string' && /^(?:person|deal)\./.test(entry),
    tell: typeof entry === 'string' ? tellerOf(entry, scope.at('body', name)) : () => entry.value,
  }));
  return {
    types: new Set(sends),
    since: since ?? 'connected',
    body: (told) => {
      const out: Record<string, Json> = {};
      for (const { name, from, needed, tell } of tellers) {
        const value = tell(told);
        if (value !== undefined && !isBlank(value)) out[name] = value;
        else if (needed) return { missing: from };
      }
      return { body: out satisfies JsonObject };
    },
  };
}

function tellerOf(path: string, scope: Scope): Teller {
  const own = ofEvent[path];
  if (own) return ({ event }) => own(event);
  const [first = '', ...rest] = path.split('.');
  if (first === 'person' || first === 'deal') {
    const field = rest.join('.');
    const known = Object.keys(canonicalFields[kinds[first]]);
    if (!field.startsWith('custom.'))
      scope.expect(
        field,
        known,
        `"${field}" is not a field of a ${first}.`,
        'Fields of your own begin with `custom.`.',
      );
    return (told) => (told[first]?.[field] ?? undefined) as Json | undefined;
  }
  if (path.startsWith('$'))
    scope.complain(`"${path}" is not known of an event.`, `There are ${Object.keys(ofEvent).join(', ')}.`);
  return ({ event: { data } }) => (data as Readonly<Record<string, Json>>)[path];
}
