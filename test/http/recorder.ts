/** Stands where the hub would stand and keeps what vendors send, so that a test can send it again, whole or altered. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface Recorder {
  readonly url: string;
  readonly deliveries: readonly Recorded[];
  close(): Promise<void>;
}

/** Salesforce asks for it; the others only look at the status. */
const acknowledgement =
  '<Envelope><Body><notificationsResponse><Ack>true</Ack></notificationsResponse></Body></Envelope>';

export async function startRecorder(): Promise<Recorder> {
  const deliveries: Recorded[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
      deliveries.push({
        target: request.url ?? '/',
        headers: Object.fromEntries(headers),
        body: Buffer.concat(chunks),
      });
      response.end(acknowledgement);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, deliveries, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Headers of the wire itself, which the next sender makes anew. */
const ofTheWire = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding']);

export function send(base: string, delivery: Recorded): Promise<Response> {
  const headers = Object.entries(delivery.headers).filter(([name]) => !ofTheWire.has(name));
  return fetch(`${base}${delivery.target}`, {
    method: 'POST',
    headers: Object.fromEntries(headers),
    body: new Uint8Array(delivery.body),
  });
}
