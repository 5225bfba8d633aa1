import { expect, test } from 'vitest';
import { withChecksum, worldSalesforceId } from '../../emulators/world/ids.ts';

test('completes known 15-character ids as Salesforce does', () => {
  expect(withChecksum('001A0000006Vm9r')).toBe('001A0000006Vm9rIAC');
  expect(withChecksum('000000000000000')).toBe('000000000000000AAA');
});

test('the same fact has the same id, another fact another one', () => {
  const id = worldSalesforceId('006', 'deal-1');
  expect(id).toMatch(/^006[0-9A-Za-z]{12}[A-Z0-5]{3}$/);
  expect(worldSalesforceId('006', 'deal-1')).toBe(id);
  expect(worldSalesforceId('006', 'deal-2')).not.toBe(id);
});
