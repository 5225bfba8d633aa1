/** A bare streaming read that only counts touches: what no model can be much faster than. */
import { open } from 'node:fs/promises';
import { report } from './measure.ts';

const separator = '>'.charCodeAt(0);
const lineEnd = '\n'.charCodeAt(0);

function touchesIn(bytes: Uint8Array, end: number): number {
  let touches = 0;
  for (let at = 0; at < end; at += 1) {
    const byte = bytes[at];
    if (byte === separator || byte === lineEnd) touches += 1;
  }
  return touches;
}

const buffer = new Uint8Array(1 << 18);
const handle = await open(process.argv[2] ?? '');
let touches = 0;
for (;;) {
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
  if (bytesRead === 0) break;
  touches += touchesIn(buffer, bytesRead);
}
await handle.close();
report({ touches });
