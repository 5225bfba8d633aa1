/** `hub preview <connection> <record id>`: one landed record through the mapping, what each field becomes and why. */

import type { CanonicalValue, FieldKind } from '../../canonical/model.ts';
import { refText } from '../../canonical/names.ts';
import { type Preview, previewRecord } from '../../mapping/checking/preview.ts';
import type { LandedRecord } from '../../store/contract/landing.ts';
import { formatMoney } from '../../support/money.ts';
import { exitCodes, Problem } from '../../support/problem.ts';
import type { Hub, System } from '../../sync/hub.ts';
import { mappedRecord } from '../../sync/normalize/normalize.ts';
import type { Cli } from '../command.ts';
import { chosen } from './systems.ts';

interface PreviewedRecord extends Preview {
  readonly object: string;
  readonly id: string;
}

export const preview: Cli = {
  options: { '--object <name>': 'only this kind of record, where several have the id' },
  run: (invocation, [name, id = '']) =>
    invocation.withApp(async ({ hub }) => {
      const [system] = chosen(hub, name);
      if (!system) return exitCodes.usage;
      const { object } = invocation.options;
      const records = await landed(hub, system, id, typeof object === 'string' ? object : undefined);
      const previews = await Promise.all(records.map((record) => previewed(system, record)));
      invocation.print({ previews }, () => previews.map(text).join('\n\n'));
      return exitCodes.done;
    }),
};

async function landed(
  { store }: Hub,
  system: System,
  id: string,
  object: string | undefined,
): Promise<LandedRecord[]> {
  const objects = object === undefined ? Object.keys(system.mapping.objects) : [object];
  const connection = system.name;
  const records = await store.landing.get(objects.map((one) => refText({ connection, object: one, id })));
  if (records.length > 0) return records;
  throw new Problem('usage', `No record "${id}" of ${object ?? 'any object'} has come from ${connection}.`, {
    remedy: `Look at the id as ${system.connector.title} writes it, or read first: \`hub sync ${connection}\``,
  });
}

async function previewed({ mapping }: System, record: LandedRecord): Promise<PreviewedRecord> {
  const { object, id } = record.ref;
  const compiled = mapping.objects[object];
  if (compiled) return { object, id, ...(await previewRecord(compiled, mappedRecord(record))) };
  throw new Problem('usage', `The mapping says nothing of ${object}.`, { where: mapping.file });
}

function text({ object, id, fields, normalized, unread }: PreviewedRecord): string {
  const { contributions, links, events } = normalized;
  return [
    `${object} ${id}`,
    ...fields.map(({ canonical, kind, vendor, raw, value, rule, why, line }) => {
      const became = value === undefined ? '' : ` -> ${show(value, kind)}`;
      return `  ${canonical}: ${vendor} ${JSON.stringify(raw) ?? '(absent)'}${became}  ${why}; ${rule}, line ${line}`;
    }),
    ...contributions.flatMap(({ kind, keys }) =>
      keys.map((key) => `  ${kind} is found by ${key.kind} ${key.value}`),
    ),
    ...links.map(
      ({ relation, from, to, role }) =>
        `  ${relation}: ${from.value} and ${to.value}${role ? ` (${role})` : ''}`,
    ),
    ...events.map(({ type, time }) => `  event ${type} at ${new Date(time).toISOString()}`),
    ...(unread.length > 0 ? [`  no mapping reads: ${unread.join(', ')}`] : []),
  ].join('\n');
}

function show(value: CanonicalValue, kind: FieldKind): string {
  if (kind === 'time' && typeof value === 'number') return new Date(value).toISOString();
  if (typeof value === 'object' && value !== null && 'minor' in value)
    return formatMoney(value.minor, value.currency);
  return JSON.stringify(value);
}
