/** Told to stop, a hub stops: whatever it waits for. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { directory, startHub } from './hub.ts';

/** A vendor that takes requests and never answers; resolves with the first one. */
async function silentVendor() {
  let heard: () => void = () => undefined;
  const called = new Promise<void>((resolve) => {
    heard = resolve;
  });
  const server = createServer(() => heard());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.closeAllConnections());
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, called };
}

it.each([
  ['sync', 130],
  ['serve', 0],
] as const)('%s ends within ten seconds of SIGTERM while a vendor does not answer', async (command, code) => {
  const { url, called } = await silentVendor();
  const cwd = directory({
    'config/hub.yaml': `server: { port: 0 }
connections:
  chatbot:
    connector: chatbot
    config: { baseUrl: ${url}, apiKey: a-key-of-the-chatbot, webhookSecret: a-secret-of-the-chatbot }
`,
  });
  const { child, ended } = startHub([command], { cwd });
  await called;
  const told = performance.now();
  child.kill('SIGTERM');
  expect((await ended).code).toBe(code);
  expect(performance.now() - told).toBeLessThan(10_000);
});
