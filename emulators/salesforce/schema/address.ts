import { double, field, picklist, readOnly, street, text } from './fields.ts';
import type { FieldDef, Row } from './model.ts';

const accuracies = [
  'Address',
  'NearAddress',
  'Block',
  'Street',
  'ExtendedZip',
  'Zip',
  'Neighborhood',
  'City',
  'County',
  'State',
  'Unknown',
];

/** The parts of an address and the compound that repeats them; `prefix` is empty on leads. */
export function addressFields(prefix: string, label: string): FieldDef[] {
  const compound = `${prefix}Address`;
  const of = { compoundOf: compound };
  const named = (part: string) => `${label}${part}`.trim();
  return [
    street(`${prefix}Street`, named('Street'), compound),
    text(`${prefix}City`, named('City'), 40, of),
    text(`${prefix}State`, named('State/Province'), 80, of),
    text(`${prefix}PostalCode`, named('Zip/Postal Code'), 20, of),
    text(`${prefix}Country`, named('Country'), 80, of),
    double(`${prefix}Latitude`, named('Latitude'), 18, 15, of),
    double(`${prefix}Longitude`, named('Longitude'), 18, 15, of),
    picklist(`${prefix}GeocodeAccuracy`, named('Geocode Accuracy'), accuracies, { restricted: true, ...of }),
    field(compound, named('Address'), 'address', {
      ...readOnly,
      permissionable: true,
      sortable: false,
      derive: (row) => compoundAddress(row, prefix),
    }),
  ];
}

const parts = [
  'city',
  'country',
  'geocodeAccuracy',
  'latitude',
  'longitude',
  'postalCode',
  'state',
  'street',
];

function compoundAddress(row: Row, prefix: string): Record<string, Row[string]> | null {
  const entries = parts.map((part) => [
    part,
    row[`${prefix}${part[0]?.toUpperCase()}${part.slice(1)}`] ?? null,
  ]);
  if (entries.every(([, value]) => value === null)) return null;
  return Object.fromEntries(entries);
}
