import type { LoggerService } from '@nestjs/common';
import { type Level, type Logger, pino } from 'pino';
import type { Env } from '../config/env.js';

/** One log for everything: a line of JSON an event, or readable lines on a terminal. */
export function createLogger({ LOG_LEVEL, LOG_FORMAT }: Env): Logger {
  const pretty = { target: 'pino-pretty', options: { ignore: 'pid,hostname', singleLine: true } };
  return pino({ level: LOG_LEVEL, ...(LOG_FORMAT === 'pretty' && { transport: pretty }) });
}

/** Whose plain messages an operator wants to read; those of Nest itself are for who debugs it. */
const TO_OPERATOR: ReadonlySet<unknown> = new Set(['Auth', 'KeyRotation', 'Mail', 'Purge']);

interface LogEvent {
  readonly event: string;
}

function isEvent(message: unknown): message is LogEvent {
  return typeof message === 'object' && message !== null && 'event' in message;
}

/** Nest's own messages, in the same log. */
export class NestLog implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log = (message: unknown, ...details: unknown[]): void => {
    this.#at(TO_OPERATOR.has(details.at(-1)) ? 'info' : 'debug')(message, ...details);
  };
  error = this.#at('error');
  warn = this.#at('warn');
  debug = this.#at('debug');
  verbose = this.#at('trace');
  fatal = this.#at('fatal');

  /**
   * Nest passes the message, then details, then the name of the part that speaks. A message that is
   * an object is an event: its fields stand beside those of the log itself.
   */
  #at(level: Level) {
    return (message: unknown, ...details: unknown[]): void => {
      const context = details.pop();
      if (isEvent(message)) {
        this.logger[level]({ context, ...message }, message.event);
        return;
      }
      this.logger[level]({ context, ...(details.length > 0 && { details }) }, String(message));
    };
  }
}
