/** Measuring in a process of its own: whole-process CPU and peak memory, as the operating system counts them. */
import { spawn } from 'node:child_process';

export interface Measured<T> {
  readonly value: T;
  /** User and system CPU seconds of the whole child. */
  readonly cpu: number;
  /** Peak resident memory of the child, MB. */
  readonly peakMb: number;
}

/** Runs a script of this folder, with the flags of this process, and reads the JSON that it prints as its last line. */
export async function measure<T>(script: string, args: readonly string[]): Promise<Measured<T>> {
  const child = spawn(
    process.execPath,
    [...process.execArgv, new URL(script, import.meta.url).pathname, ...args],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  const code = await new Promise<number | null>((resolve) => {
    if (child.exitCode !== null) resolve(child.exitCode);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`${script} ${args.join(' ')} ended with ${code}`);
  return JSON.parse(text.trim().split('\n').at(-1) ?? '') as Measured<T>;
}

/** What a measured script prints when it is done. */
export function report(value: unknown): void {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpu = (userCPUTime + systemCPUTime) / 1e6;
  process.stdout.write(`${JSON.stringify({ value, cpu, peakMb: maxRSS / 1024 })}\n`);
}

export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1_000;
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
