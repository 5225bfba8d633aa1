import { expect, test } from 'vitest';
import { versioned } from '../../../connectors/hubspot/wire/paths.ts';

test.each([
  ['/crm/v3/objects/contacts', '/crm/objects/2026-09/contacts'],
  ['/crm/v3/objects/deals/batch/upsert', '/crm/objects/2026-09/deals/batch/upsert'],
  ['/crm/v4/objects/deals/1/associations/contacts/2', '/crm/objects/2026-09/deals/1/associations/contacts/2'],
  ['/crm/v4/associations/deals/contacts/batch/read', '/crm/associations/2026-09/deals/contacts/batch/read'],
  ['/crm/v3/properties/deals/groups', '/crm/properties/2026-09/deals/groups'],
  ['/crm/v3/pipelines/deals', '/crm/pipelines/2026-09/deals'],
  ['/crm/v3/owners', '/crm/owners/2026-09'],
  ['/crm/v3/owners/', '/crm/owners/2026-09'],
  ['/account-info/v3/details', '/account-info/2026-09/details'],
  ['/oauth/v3/token', '/oauth/2026-09/token'],
  ['/form-integrations/v1/submissions/forms/7', '/form-integrations/v1/submissions/forms/7'],
  ['/crm/v3/schemas/x', '/crm/v3/schemas/x'],
])('%s is %s in a dated version and itself in the legacy one', (path, dated) => {
  expect(versioned(path, '2026-09')).toBe(dated);
  expect(versioned(path, 'legacy')).toBe(path.replace(/\/$/, ''));
});
