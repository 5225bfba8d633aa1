/** Both path families lead to the same resource: `/crm/v3/objects/x` and `/crm/objects/2026-09/x`. */
import type { Family } from './call.ts';

export interface Resource {
  /** `objects/contacts/batch/read`, without version and without slashes at the ends. */
  readonly path: string;
  readonly family: Family;
}

const dated = '(2026-03|2026-09)';
const crmArea = '(objects|properties|pipelines|owners|associations)';

type Rule = readonly [pattern: RegExp, resource: (...groups: string[]) => Resource];

const rules: readonly Rule[] = [
  [new RegExp(`^/crm/(v3|v4)/${crmArea}(/.*)?$`), (version, area, rest) => at(`${area}${rest}`, version)],
  [new RegExp(`^/crm/${crmArea}/${dated}(/.*)?$`), (area, version, rest) => at(`${area}${rest}`, version)],
  [/^\/oauth\/(v1|v3|2026-03|2026-09)\/(.*)$/, (version, rest) => at(`oauth/${rest}`, version)],
  [/^\/account-info\/(v3|2026-03|2026-09)\/details$/, (version) => at('account', version)],
  [/^\/marketing\/(v3)\/forms(\/.*)?$/, (version, rest) => at(`forms${rest}`, version)],
  [new RegExp(`^/marketing/forms/${dated}(/.*)?$`), (version, rest) => at(`forms${rest}`, version)],
  [
    /^\/form-integrations\/(v1)\/submissions\/forms\/(.*)$/,
    (version, rest) => at(`submissions/${rest}`, version),
  ],
  [/^\/integrations\/(v1)\/me$/, (version) => at('me', version)],
];

export function resourceOf(path: string): Resource | undefined {
  const trimmed = path.endsWith('/') ? path.slice(0, -1) : path;
  for (const [pattern, toResource] of rules) {
    const found = pattern.exec(trimmed);
    if (found) return toResource(...found.slice(1).map((group) => group ?? ''));
  }
  return undefined;
}

function at(path: string, family: string | undefined): Resource {
  return { path, family: family as Family };
}
