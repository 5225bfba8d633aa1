/** Recorded answers of real orgs, where they lie beside the project. */
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../../../shared/fixtures/salesforce');

export const hasFixtures = existsSync(folder);

export function fixture(name: string): string {
  return resolve(folder, name);
}

export function fixtureText(name: string): string {
  return readFileSync(fixture(name), 'utf8');
}

export function fixtureJson(name: string): unknown {
  return JSON.parse(fixtureText(name));
}
