import { pino } from 'pino';

/** The part of pino's logger that the rooms use; a test may hand in its own. */
export interface Log {
  debug(context: object, message: string): void;
  info(context: object, message: string): void;
  warn(context: object, message: string): void;
  error(context: object, message: string): void;
  child(bindings: object): Log;
}

/** Our own log lines, on stderr: JSON for machines, readable on a terminal. stdout belongs to what a command answers. */
export function createLog(options: { level: string; pretty: boolean }): Log {
  const base = { level: options.level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime };
  if (!options.pretty) return pino(base, pino.destination({ dest: 2, sync: true }));
  const transport = { target: 'pino-pretty', options: { destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname' } };
  return pino({ ...base, transport });
}

export const silentLog: Log = pino({ level: 'silent' });
