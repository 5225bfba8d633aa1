/** Writes the stored results anew: `node test/attribution/golden/make.ts`. The engine has no part in it. */
import { writeFileSync } from 'node:fs';
import { cases, csvOf, placeOf } from './cases.ts';
import { plainCredits } from './plain.ts';

for (const [name, given] of Object.entries(cases)) {
  writeFileSync(placeOf(name, 'csv'), csvOf(given));
  writeFileSync(placeOf(name, 'json'), `${JSON.stringify(plainCredits(given), null, 2)}\n`);
}
