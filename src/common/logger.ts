import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Level, type Logger, pino } from 'pino';
import type { Env } from '../config/index.js';
import { loggableError } from '../problems/index.js';

/** Maximum buffer size: a page, which a pipe accepts atomically. */
const MAX_BUFFERED_CHARACTERS = 4_096;
const WARN = pino.levels.values['warn'] ?? 0;

/**
 * Standard output, flushed at the end of each turn of the event loop: under load, one system call
 * for a dozen requests. Warnings and above are flushed at once, with everything before them, and so
 * is the rest when the process exits. If it is killed, the lines of one turn may be lost: a few
 * milliseconds.
 */
class BufferedStdout implements DestinationStream {
  /** Makes pino set `lastLevel` before each write. */
  readonly [pino.symbols.needsMetadataGsym] = true;
  lastLevel = 0;
  readonly #output = pino.destination({ dest: 1, sync: true, minLength: MAX_BUFFERED_CHARACTERS });
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

/** Creates the one logger: a JSON line per event, or readable lines on a terminal. */
export function createLogger({ LOG_LEVEL: level, LOG_FORMAT }: Env): Logger {
  const serializers = { err: (error: unknown) => loggableError(error) };
  if (LOG_FORMAT !== 'pretty') return pino({ level, serializers }, new BufferedStdout());
  const options = { ignore: 'pid,hostname', singleLine: true };
  return pino({ level, serializers, transport: { target: 'pino-pretty', options } });
}

/** Contexts whose plain messages are for operators; those of Nest itself are for debugging. */
const OPERATOR_CONTEXTS: ReadonlySet<unknown> = new Set(['Auth', 'KeyRotation', 'Mail', 'Purge']);

interface LogEvent {
  readonly event: string;
}

function isEvent(message: unknown): message is LogEvent {
  return typeof message === 'object' && message !== null && 'event' in message;
}

/** Writes Nest's messages to the same log. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log = (message: unknown, ...details: unknown[]): void => {
    this.#logAt(OPERATOR_CONTEXTS.has(details.at(-1)) ? 'info' : 'debug')(message, ...details);
  };
  error = this.#logAt('error');
  warn = this.#logAt('warn');
  debug = this.#logAt('debug');
  verbose = this.#logAt('trace');
  fatal = this.#logAt('fatal');

  /**
   * Nest passes the message, then details, then the name of the context. A message that is an
   * object is an event: its members are merged into the log entry.
   */
  #logAt(level: Level) {
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
