import { setTimeout as sleep } from 'node:timers/promises';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Transporter } from 'nodemailer';
import { type Env, isLoopback, parseUrl } from '../config/index.js';

/** A plain-text mail. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends mail to users. */
export abstract class Mailer {
  /**
   * Returns at once and never fails: the time a mail takes must not reveal whether an address is
   * known.
   */
  abstract send(mail: Mail): void;
}

/** In milliseconds; nodemailer's defaults are minutes. */
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };
/** Delays before the second attempt to send a mail, the third, and so on. */
const RETRY_DELAYS_MS = [1_000, 10_000, 60_000];
/** How long shutdown waits for mail that is being sent. */
const SHUTDOWN_TIMEOUT_MS = 3_000;
/** Maximum number of mails in memory, so that a mail server that is down cannot exhaust it. */
const MAX_PENDING = 100;

interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

/**
 * Returns whether to retry: after connection errors and "try later" replies (4yz, RFC 5321 §4.2.1).
 */
const isTemporary = ({ code, responseCode }: SmtpError): boolean =>
  responseCode === undefined
    ? ['ECONNECTION', 'EDNS', 'ESOCKET', 'ETIMEDOUT'].includes(code ?? '')
    : responseCode < 500;

/** Leaves out the message: it quotes the server's reply, which contains the address. */
const reasonOf = ({ code, command, responseCode }: SmtpError): string =>
  [code ?? 'unknown', command, responseCode].filter((part) => part !== undefined).join(' ');

/** Sends mail over SMTP in the background. */
class SmtpMailer extends Mailer implements OnApplicationShutdown {
  readonly #logger = new Logger('Mail');
  readonly #pending = new Set<Promise<void>>();
  /** Aborts the retry delays first, and the connections at the deadline. */
  readonly #stopping = new AbortController();
  readonly #cancelling = new AbortController();

  constructor(private readonly transport: Transporter) {
    super();
  }

  override send(mail: Mail): void {
    if (this.#pending.size >= MAX_PENDING) {
      this.#logger.warn(`A mail was dropped: ${String(MAX_PENDING)} are pending already.`);
      return;
    }
    const delivery = this.#deliver(mail).finally(() => this.#pending.delete(delivery));
    this.#pending.add(delivery);
  }

  async onApplicationShutdown(): Promise<void> {
    this.#stopping.abort();
    const deadline = setTimeout(() => {
      this.#cancelling.abort();
    }, SHUTDOWN_TIMEOUT_MS);
    await Promise.all(this.#pending);
    clearTimeout(deadline);
  }

  async #deliver({ to, subject, text }: Mail): Promise<void> {
    // An address object is used as is; a string would be parsed as a list.
    const address = { name: '', address: to };
    // Suppresses out-of-office replies (RFC 3834).
    const headers = { 'Auto-Submitted': 'auto-generated' };
    const message = { to: address, subject, text, headers, signal: this.#cancelling.signal };
    for (const delayMs of [...RETRY_DELAYS_MS, undefined]) {
      try {
        await this.transport.sendMail(message);
        return;
      } catch (error) {
        const smtpError = error as SmtpError;
        if (delayMs === undefined || this.#stopping.signal.aborted || !isTemporary(smtpError)) {
          this.#logger.warn(`A mail could not be sent: ${reasonOf(smtpError)}`);
          return;
        }
        await sleep(delayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      }
    }
  }
}

/** Writes mails to the log, including their links: for development on a single machine only. */
class LogMailer extends Mailer {
  readonly #logger = new Logger('Mail');

  override send({ to, subject, text }: Mail): void {
    this.#logger.log(`To: ${to}\nSubject: ${subject}\n\n${text}`);
  }
}

/** Opens nothing yet: each mail, and `verify()`, makes a connection of its own. */
export async function createTransport(env: Env, smtpUrl: string): Promise<Transporter> {
  const server = parseUrl(smtpUrl);
  const isLocal = server !== undefined && isLoopback(server);
  // Loaded on demand. The parameters of the URL are nodemailer options, and take precedence.
  const nodemailer = await import('nodemailer');
  const requireTLS = env.NODE_ENV === 'production' && !isLocal;
  const options = { url: smtpUrl, requireTLS, ...TIMEOUTS };
  return nodemailer.createTransport(options, { from: env.mailFrom });
}

/**
 * Creates the mailer. Without SMTP_URL there is none, unless only this machine can reach the service.
 */
export async function createMailer(env: Env): Promise<Mailer | undefined> {
  const { NODE_ENV, SMTP_URL: smtpUrl, isLocal } = env;
  if (smtpUrl !== undefined) return new SmtpMailer(await createTransport(env, smtpUrl));
  return NODE_ENV === 'production' || !isLocal ? undefined : new LogMailer();
}
