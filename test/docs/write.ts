/** `npm run samples`: writes into the pages what the commands print now. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pages, root, tellSamples, withSamples } from './samples.ts';

const { samples } = await tellSamples();
for (const page of pages) {
  const file = join(root, page);
  writeFileSync(file, withSamples(readFileSync(file, 'utf8'), samples));
}
