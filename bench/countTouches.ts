/** A bare streaming read that only counts touches: what no model can be faster than. */
import { createReadStream } from 'node:fs';
import { report } from './measure.ts';

const separator = '>'.charCodeAt(0);
const lineEnd = '\n'.charCodeAt(0);
let touches = 0;
for await (const chunk of createReadStream(process.argv[2] ?? '', { highWaterMark: 1 << 20 })) {
  for (const byte of chunk as Buffer) if (byte === separator || byte === lineEnd) touches += 1;
}
report({ touches });
