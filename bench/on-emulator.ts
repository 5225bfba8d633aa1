/** An emulator in a process of its own, so that its work is not counted as the hub's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** `work` gets the configuration of a connection to it, as JSON. */
export async function onEmulator<T>(
  system: string,
  knobs: object,
  work: (connection: string) => Promise<T>,
): Promise<T> {
  const script = new URL('emulator-process.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, system, JSON.stringify(knobs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await Promise.race([once(child.stdout, 'data'), died(child)])) as [Buffer];
    return await work(line.toString().trim());
  } finally {
    child.stdin.end();
    await once(child, 'exit');
  }
}

async function died(child: ReturnType<typeof spawn>): Promise<never> {
  await once(child, 'exit');
  throw new Error('the emulator ended before it was asked to');
}
