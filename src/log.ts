import { pino } from 'pino';
import { PinoPretty as pinoPretty } from 'pino-pretty';

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
  const common = { level: options.level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (!options.pretty) return pino(common, pino.destination({ dest: 2, sync: true }));
  return pino(
    common,
    pinoPretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname' }),
  );
}

export const silentLog: Log = pino({ level: 'silent' });
