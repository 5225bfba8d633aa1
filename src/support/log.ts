import { type DestinationStream, pino } from 'pino';

/** Structured log lines on stderr: data goes to stdout, everything else here. */
export interface Log {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  child(fields: object): Log;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

// Last line of defence only: secrets are not passed to the log in the first place.
const secretPaths = [
  '*.accessToken',
  '*.refreshToken',
  '*.secret',
  '*.password',
  '*.authorization',
  '*.headers',
];

export function createLog(level: LogLevel, destination: DestinationStream = pino.destination(2)): Log {
  return pino(
    { level, base: null, redact: secretPaths, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
}

export const silentLog: Log = createLog('silent');
