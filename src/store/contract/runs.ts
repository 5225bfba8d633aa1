/** Walks down the road that wrote something. */

export interface Run {
  readonly id: string;
  readonly kind: string;
  readonly connection: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly status: 'running' | 'done' | 'failed' | 'held';
  readonly counts: Readonly<Record<string, number>>;
  readonly message?: string;
}

export interface Runs {
  start(run: { id: string; kind: string; connection?: string; at: number }): Promise<void>;
  finish(
    id: string,
    result: {
      status: 'done' | 'failed' | 'held';
      at: number;
      counts: Readonly<Record<string, number>>;
      message?: string;
    },
  ): Promise<void>;
  recent(limit: number): Promise<Run[]>;
}
