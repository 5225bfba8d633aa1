import { type ObjectType, standardTypes } from '../state/objects.ts';
import { Refusal } from '../state/refusal.ts';

export type ScopeKind =
  | 'records.read'
  | 'records.write'
  | 'schema.read'
  | 'schema.write'
  | 'owners'
  | 'forms';

const mails = 'sales-email-read';

/** The scope that a call needs. Tickets, mails and custom objects have scopes of their own shape. */
export function scopeFor(kind: ScopeKind, type: ObjectType | undefined): string {
  if (kind === 'owners') return 'crm.objects.owners.read';
  if (kind === 'forms') return 'forms';
  if (type?.scope === 'tickets') return 'tickets';
  if (type?.scope === mails && kind === 'records.read') return mails;
  const [what, access] = kind.split('.');
  const scope = type?.scope === mails ? 'contacts' : (type?.scope ?? 'custom');
  return `crm.${what === 'schema' ? 'schemas' : 'objects'}.${scope}.${access}`;
}

const kinds: readonly ScopeKind[] = [
  'records.read',
  'records.write',
  'schema.read',
  'schema.write',
  'owners',
  'forms',
];

export const allScopes: readonly string[] = [
  ...new Set(['oauth', ...standardTypes.flatMap((type) => kinds.map((kind) => scopeFor(kind, type)))]),
];

export function missingScope(scope: string): Refusal {
  return new Refusal(403, {
    message:
      "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    category: 'MISSING_SCOPES',
    errors: [
      {
        message: 'One or more of the following scopes are required.',
        context: { requiredGranularScopes: [scope] },
      },
    ],
  });
}
