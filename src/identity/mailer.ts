import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { type Env, isLoopback, parseUrl } from '../config/index.js';

/** A mail of plain text. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends mail to users. */
export abstract class Mailer {
  /**
   * Returns at once and never fails: how long a mail takes must not tell whether an address is
   * known.
   */
  abstract send(mail: Mail): void;
}

/** In milliseconds: far below nodemailer's own, which are minutes. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };
/** Milliseconds before a mail is tried the second time, the third, and so on. */
const PAUSES = [1_000, 10_000, 60_000];
/** Milliseconds that a stop waits for mail that is under way. */
const STOP_DEADLINE = 3_000;
/** Mail under way at the same time: a server that is down must not fill the memory. */
const MAX_PENDING = 100;

interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/** Faults of the connection, and answers that say "later" (4yz, RFC 5321 §4.2.1). */
const isTemporary = ({ code, responseCode }: SmtpError): boolean =>
  responseCode === undefined
    ? ['ECONNECTION', 'EDNS', 'ESOCKET', 'ETIMEDOUT'].includes(code ?? '')
    : responseCode < 500;

/** Not the message, which repeats the server's words, and those repeat the address. */
const reasonOf = ({ code, command, responseCode }: SmtpError): string =>
  [code ?? 'unknown', command, responseCode].filter((part) => part !== undefined).join(' ');

/** Delivers in the background, by SMTP. */
class SmtpMailer extends Mailer implements OnApplicationShutdown {
  readonly #logger = new Logger('Mail');
  readonly #pending = new Set<Promise<void>>();
  /** Ends the pauses; then, at the deadline, the connections. */
  readonly #stopping = new AbortController();
  readonly #ending = new AbortController();

  constructor(private readonly transport: Transporter) {
    super();
  }

  override send(mail: Mail): void {
    if (this.#pending.size >= MAX_PENDING) {
      this.#logger.warn(`A mail was dropped: ${String(MAX_PENDING)} are waiting already.`);
      return;
    }
    const delivery = this.#deliver(mail).finally(() => this.#pending.delete(delivery));
    this.#pending.add(delivery);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    const deadline = setTimeout(() => {
      this.#ending.abort();
    }, STOP_DEADLINE);
    await Promise.all(this.#pending);
    clearTimeout(deadline);
  }

  async #deliver({ to, subject, text }: Mail): Promise<void> {
    // An address by itself is taken as it is; a text would be searched for several.
    const address = { name: '', address: to };
    // RFC 3834: no out-of-office notice comes back.
    const headers = { 'Auto-Submitted': 'auto-generated' };
    const message = { to: address, subject, text, headers, signal: this.#ending.signal };
    for (const pause of [...PAUSES, undefined]) {
      try {
        await this.transport.sendMail(message);
        return;
      } catch (error) {
        const fault = error as SmtpError;
        if (pause === undefined || this.#stopping.signal.aborted || !isTemporary(fault)) {
          this.#logger.warn(`A mail could not be sent: ${reasonOf(fault)}`);
          return;
        }
        await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
  }
}

/** Shows mail in the log, links and all: for development on one machine alone. */
class LogMailer extends Mailer {
  readonly #logger = new Logger('Mail');

  override send({ to, subject, text }: Mail): void {
    this.#logger.log(`To: ${to}\nSubject: ${subject}\n\n${text}`);
  }
}

/** Returns what sends mail; without SMTP_URL nothing, unless nobody else can reach the service. */
export async function createMailer(env: Env): Promise<Mailer | undefined> {
  const production = env.NODE_ENV === 'production';
  if (env.SMTP_URL === undefined) return production || !env.isLocal ? undefined : new LogMailer();
  const server = parseUrl(env.SMTP_URL);
  const isNear = server !== undefined && isLoopback(server);
  // Loaded only where there is mail to send. The URL's parameters are nodemailer's options, and win.
  const { createTransport } = await import('nodemailer');
  const options = { url: env.SMTP_URL, requireTLS: production && !isNear, ...TIMEOUTS };
  return new SmtpMailer(createTransport(options, { from: env.mailFrom }));
}
