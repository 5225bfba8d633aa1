/** Access and refresh tokens: given out, checked, ended. */
import { randomBytes } from 'node:crypto';
import type { Org } from '../org.ts';

export interface Sessions {
  /** A new access token. */
  open(): string;
  /** False for what was never given out, is too old, or was ended. */
  isOpen(token: string): boolean;
  end(token: string): void;
  endAll(): void;
  isRefreshToken(token: string): boolean;
  /** Ends the refresh token and returns the next one, where the org rotates them. */
  rotate(token: string): string | undefined;
}

export function createSessions(org: Org): Sessions {
  const { clock, knobs } = org;
  const opened = new Map<string, number>();
  const refreshTokens = new Set([knobs.refreshToken]);
  return {
    open() {
      const token = `${org.id.slice(0, 15)}!${randomBytes(40).toString('base64url')}`;
      opened.set(token, clock.now());
      return token;
    },
    isOpen(token) {
      const at = opened.get(token);
      return at !== undefined && clock.now() - at <= knobs.tokenLifeMs;
    },
    end(token) {
      opened.delete(token);
      refreshTokens.delete(token);
    },
    endAll: () => opened.clear(),
    isRefreshToken: (token) => refreshTokens.has(token),
    rotate(token) {
      if (!knobs.rotateRefreshTokens) return undefined;
      const next = `5Aep861${randomBytes(30).toString('base64url')}`;
      refreshTokens.delete(token);
      refreshTokens.add(next);
      return next;
    },
  };
}
