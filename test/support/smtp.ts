import { type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import { freePort } from './free-port.js';

/** A mail as it came, its text decoded. */
export interface ReceivedMail {
  readonly to: readonly string[];
  readonly headers: string;
  readonly text: string;
}

type Refusal = Error & { responseCode: number };

const refusal = (responseCode: number, message: string): Refusal =>
  Object.assign(new Error(message), { responseCode });

/** Quoted-printable (RFC 2045 §6.7), as far as plain text needs it. */
function decode(body: string): string {
  return body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    .replaceAll('\r\n', '\n');
}

function parse(source: string, to: readonly string[]): ReceivedMail {
  const end = source.indexOf('\r\n\r\n');
  const headers = source.slice(0, end);
  const body = source.slice(end + 4);
  return { to, headers, text: /quoted-printable/i.test(headers) ? decode(body) : body };
}

/** A real SMTP server on the loopback interface, which can refuse and dawdle. */
export class MailServer {
  readonly mails: ReceivedMail[] = [];
  /** SMTP codes that the next recipients are refused with, one each; then all are taken. */
  refusals: number[] = [];
  /** Recipients that were named, refused ones too. */
  attempts = 0;
  /** Settled before a mail is taken. */
  hold: Promise<void> = Promise.resolve();
  /** Connections that were made, whatever became of them. */
  connections = 0;

  readonly #server: SMTPServer;

  /** @param secure TLS from the first byte on, with a certificate that smtp-server signed itself. */
  constructor(private readonly options = { secure: false }) {
    this.#server = new SMTPServer({
      ...options,
      authOptional: true,
      closeTimeout: 100,
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: ({ address }, _session, done) => {
        this.attempts += 1;
        const code = this.refusals.shift();
        done(code === undefined ? null : refusal(code, `<${address}>: not now`));
      },
      onData: (stream, { envelope }, done) => {
        void text(stream).then(async (source) => {
          await this.hold;
          this.mails.push(
            parse(
              source,
              envelope.rcptTo.map(({ address }) => address),
            ),
          );
          done();
        });
      },
    });
    this.#server.server.on('connection', () => (this.connections += 1));
  }

  async start(): Promise<this> {
    // A client that hangs up is part of some tests.
    this.#server.on('error', () => undefined);
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    const { port } = this.#server.server.address() as AddressInfo;
    return `${this.options.secure ? 'smtps' : 'smtp'}://127.0.0.1:${String(port)}`;
  }

  /** The last mail to this address, once there are as many. */
  async mailTo(address: string, count = 1): Promise<ReceivedMail> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const found = this.mails.filter(({ to }) => to.includes(address));
      const last = found[count - 1];
      if (last) return last;
      if (Date.now() > deadline) throw new Error(`${String(found.length)} mails to ${address}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(resolve);
    });
  }
}

/** The address of an SMTP server that is not there. */
export async function deadMailServer(): Promise<string> {
  return `smtp://127.0.0.1:${String(await freePort())}`;
}

/** The one address in a mail. */
export function linkIn({ text: body }: ReceivedMail): string {
  const [link] = /https?:\/\/\S+/.exec(body) ?? [];
  if (link === undefined) throw new Error(`no link in: ${body}`);
  return link;
}
