import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Level, type Logger, pino } from 'pino';
import type { Env } from '../config/index.js';
import { loggableError } from '../problems/index.js';

/** Characters that are held at most: a page, which a pipe takes whole. */
const MOST_HELD = 4_096;
const WARN = pino.levels.values['warn'] ?? 0;

/**
 * Standard output. What is logged within one turn of the event loop is written at the turn's end, in
 * one piece: under load, one system call for a dozen requests. Warnings and worse are written at once,
 * with all that came before them, and so is the rest when the program exits, for whatever reason that
 * leaves it a last word. Killed outright, it may lose the lines of one turn: a few milliseconds.
 */
class TurnByTurn implements DestinationStream {
  /** Has pino say the level of each line before it is written. */
  readonly [pino.symbols.needsMetadataGsym] = true;
  lastLevel = 0;
  readonly #output = pino.destination({ dest: 1, sync: true, minLength: MOST_HELD });
  #isWaiting = false;
  #isFirst = true;

  write(line: string): void {
    this.#output.write(line);
    if (this.#isFirst) process.once('exit', this.#flush);
    this.#isFirst = false;
    if (this.lastLevel >= WARN) this.#output.flush();
    else if (!this.#isWaiting) {
      this.#isWaiting = true;
      setImmediate(this.#flush);
    }
  }

  readonly #flush = (): void => {
    this.#isWaiting = false;
    this.#output.flush();
  };
}

/** One log for everything: a line of JSON an event, or readable lines on a terminal. */
export function createLogger({ LOG_LEVEL: level, LOG_FORMAT }: Env): Logger {
  const serializers = { err: (error: unknown) => loggableError(error) };
  if (LOG_FORMAT !== 'pretty') return pino({ level, serializers }, new TurnByTurn());
  const options = { ignore: 'pid,hostname', singleLine: true };
  return pino({ level, serializers, transport: { target: 'pino-pretty', options } });
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
