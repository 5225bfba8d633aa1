/** What HubSpot makes of a value that is written: trimmed, lower-cased, reformatted, or refused. */
import { iso } from '../../../src/support/clock.ts';
import { findStage, pipelines, stageProperties } from './pipelines.ts';
import type { BadValue } from './refusal.ts';
import type { Values } from './rows.ts';
import type { Property, Schema } from './schema.ts';

export interface ValueRules {
  readonly object: string;
  readonly schema: Schema;
  readonly isOwner: (id: string) => boolean;
  /** A person at HubSpot's own screen, or HubSpot itself, may set what the API may not. */
  readonly readOnlyToo?: boolean;
}

export interface CheckedValues {
  /** Blank text clears. */
  readonly values: Values;
  readonly bad: readonly BadValue[];
}

type Verdict = { readonly value: string } | { readonly error: string; readonly message: string };

export function checkValues(rules: ValueRules, given: Values, before: Values = {}): CheckedValues {
  const values: Record<string, string> = {};
  const bad: BadValue[] = [];
  for (const [name, text] of Object.entries(given)) {
    const verdict = judge(rules, name, text, before[name]);
    if ('value' in verdict) values[name] = verdict.value;
    else bad.push({ isValid: false, message: verdict.message, error: verdict.error, name });
  }
  return { values, bad };
}

function judge(rules: ValueRules, name: string, text: string, before: string | undefined): Verdict {
  const property = rules.schema.find(name);
  if (!property) return { error: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` };
  if (property.readOnly && !rules.readOnlyToo) {
    const message = `"${name}" is a read only property; its value cannot be set.`;
    return { error: 'READ_ONLY_VALUE', message };
  }
  if (text === '') return { value: '' };
  return (byName(rules, name) ?? byType[property.type] ?? asText)(text, property, before);
}

type Rule = (text: string, property: Property, before: string | undefined) => Verdict;

const asText: Rule = (text) => ({ value: text });

const byType: Readonly<Record<string, Rule>> = {
  number: (text) =>
    /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)
      ? { value: text }
      : { error: 'INVALID_INTEGER', message: `${text} was not a valid number.` },
  bool: (text) =>
    text === 'true' || text === 'false'
      ? { value: text }
      : {
          error: 'INVALID_BOOLEAN_OPTION',
          message: `${text} was not one of the allowed options: [true, false]`,
        },
  date: asDate,
  datetime(text) {
    const at = readTime(text);
    return at === undefined
      ? { error: 'INVALID_LONG', message: `${text} was not a valid long.` }
      : { value: iso(at) };
  },
  enumeration: asOption,
};

/** A date is midnight UTC, in ms or as `YYYY-MM-DD`; it comes back in the latter form. */
function asDate(text: string): Verdict {
  const at = readTime(text);
  if (at === undefined) return { error: 'INVALID_DATE', message: `${text} was not a valid date.` };
  if (at % 86_400_000 === 0) return { value: iso(at).slice(0, 10) };
  return { error: 'INVALID_DATE', message: `${text} is at ${iso(at).slice(11, 23)} UTC, not midnight!` };
}

/** Ms since the epoch of a number of ms or an ISO 8601 text. */
export function readTime(text: string): number | undefined {
  if (/^-?\d{6,}$/.test(text)) return Number(text);
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

function asOption(text: string, property: Property, before: string | undefined): Verdict {
  if (property.externalOptions || property.options.length === 0) return { value: text };
  const allowed = property.options.map(({ value }) => value);
  const wanted = property.fieldType === 'checkbox' ? text.split(';').filter((one) => one !== '') : [text];
  const stranger = wanted.find((one) => !allowed.includes(one));
  if (stranger !== undefined) {
    const message = `${stranger} was not one of the allowed options: [${allowed.join(', ')}]`;
    return { error: 'INVALID_OPTION', message };
  }
  // A leading `;` adds to what is there: https://knowledge.hubspot.com/properties (multiple checkboxes).
  const kept = text.startsWith(';') && before ? before.split(';') : [];
  return { value: [...new Set([...kept, ...wanted])].join(';') };
}

function byName({ object, isOwner }: ValueRules, name: string): Rule | undefined {
  if (object === 'contacts' && name === 'email') return asEmail;
  if (name === 'hubspot_owner_id') return (text) => asOwner(text, isOwner);
  if (name === stageProperties[object]?.stage) return (text) => asStage(object, text);
  if (name === stageProperties[object]?.pipeline) return (text) => asPipeline(object, text);
  return undefined;
}

function asEmail(text: string): Verdict {
  const email = text.trim().toLowerCase();
  if (/^[^\s@,;]+@[^\s@.,;]+(\.[^\s@.,;]+)+$/.test(email)) return { value: email };
  return { error: 'INVALID_EMAIL', message: `Email address ${text} is invalid` };
}

function asOwner(text: string, isOwner: (id: string) => boolean): Verdict {
  return isOwner(text)
    ? { value: text }
    : { error: 'INVALID_OWNER_ID', message: `${text} was not a valid owner ID.` };
}

function asStage(object: string, text: string): Verdict {
  if (findStage(object, text)) return { value: text };
  const options = (pipelines[object] ?? []).map(
    ({ id, stages }) => `pipelineId=${id} : [${stages.map((stage) => stage.id).join(', ')}]`,
  );
  const message = `${text} is not a valid pipeline stage ID. Valid options are: ${options.join('; ')}`;
  return { error: 'INVALID_OPTION', message };
}

function asPipeline(object: string, text: string): Verdict {
  const known = (pipelines[object] ?? []).map(({ id }) => id);
  if (known.includes(text)) return { value: text };
  return {
    error: 'INVALID_OPTION',
    message: `${text} is not a valid pipeline ID. Valid options are: [${known.join(', ')}]`,
  };
}
