/** What is left of our value after a vendor made its own of it, and what is news. */
import { expect, it } from 'vitest';
import { lossilyEqual } from '../../src/sync/echo.ts';

it.each([
  ['+12125550100', '(212) 555-0100', true],
  ['+4930901820', '030 901820', true],
  ['+12125550100', '+1 212 555 0100', true],
  ['+12125550100', '(212) 555-0199', false],
  ['+12125550100', '0100', false],
  ['21000000', '1000000', false],
  [21_000_000, '1000000', false],
  ['cto', 'CTO', true],
])('%j, read back as %j', (sent, held, is) => {
  expect(lossilyEqual(sent, held)).toBe(is);
});
