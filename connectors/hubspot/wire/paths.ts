/**
 * One path in, whatever the version: the connector and the SDK speak legacy paths, and this table says where
 * a dated version keeps the same thing. What is not in the table has no dated path yet and stays.
 * https://developers.hubspot.com/docs/api-reference/latest/overview
 */
const moved: readonly { readonly from: RegExp; readonly to: (version: string) => string }[] = [
  { from: /^\/crm\/v[34]\/objects(?=\/)/, to: (version) => `/crm/objects/${version}` },
  { from: /^\/crm\/v4\/associations(?=\/)/, to: (version) => `/crm/associations/${version}` },
  { from: /^\/crm\/v3\/properties(?=\/)/, to: (version) => `/crm/properties/${version}` },
  { from: /^\/crm\/v3\/pipelines(?=\/)/, to: (version) => `/crm/pipelines/${version}` },
  { from: /^\/crm\/v3\/owners(?=\/|$)/, to: (version) => `/crm/owners/${version}` },
  { from: /^\/account-info\/v3(?=\/)/, to: (version) => `/account-info/${version}` },
  // v1 of the token endpoint ends on 2027-02-16, before the other legacy paths do, so legacy means v3 here.
  { from: /^\/oauth\/v3(?=\/)/, to: (version) => `/oauth/${version}` },
];

/** `version` is `legacy` or a date such as `2026-09`; `path` is a legacy path without a query. */
export function versioned(path: string, version: string): string {
  const plain = path.length > 1 ? path.replace(/\/$/, '') : path;
  if (version === 'legacy') return plain;
  const row = moved.find(({ from }) => from.test(plain));
  return row === undefined ? plain : plain.replace(row.from, row.to(version));
}
