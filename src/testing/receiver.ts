import assert from 'node:assert/strict';
import { createServer, type IncomingMessage } from 'node:http';
import type {
  Delivery,
  Verdict,
  WebhookContext,
  WebhookRequest,
  Webhooks,
} from '../connector/contract/webhooks.ts';
import type { Bench } from './bench.ts';

/** Receives what the vendor sends, answers 200, and asks the connector about it. */
export class Receiver {
  readonly received: WebhookRequest[] = [];
  readonly #server = createServer((request, response) => {
    void this.#receive(request).then(() => response.writeHead(200).end());
  });
  readonly #webhooks: Webhooks;
  readonly #context: WebhookContext;
  url = '';

  private constructor(webhooks: Webhooks, context: WebhookContext) {
    this.#webhooks = webhooks;
    this.#context = context;
  }

  static async open(bench: Bench): Promise<Receiver> {
    const { webhooks } = bench.subject.connector;
    assert(webhooks, 'the connector has no webhooks');
    const { config, clock } = bench.connect();
    const receiver = new Receiver(webhooks, { config, clock });
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    const address = receiver.#server.address();
    receiver.url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
    return receiver;
  }

  verify(request: WebhookRequest): Verdict {
    return this.#webhooks.verify(this.#context, request);
  }

  parse(request: WebhookRequest): Delivery {
    return this.#webhooks.parse(this.#context, request);
  }

  replayKey(request: WebhookRequest): string {
    const verdict = this.verify(request);
    return verdict.accepted
      ? verdict.replayKey
      : assert.fail(`a genuine webhook was refused: ${verdict.reason}`);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #receive(request: IncomingMessage): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    this.received.push({
      method: request.method ?? '',
      url: this.url + request.url,
      headers: Object.fromEntries(headers),
      body: Buffer.concat(chunks),
    });
  }
}
