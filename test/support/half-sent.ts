import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An incomplete request, and everything received so far. */
export class HalfSent {
  readonly #socket: Socket;
  #received = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8').on('data', (text: string) => (this.#received += text));
    socket.on('error', () => undefined);
  }

  /** @param text raw request without its end. */
  static async send({ hostname, port }: URL, text: string): Promise<HalfSent> {
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const request = new HalfSent(socket);
    await new Promise((resolve) => socket.write(text, resolve));
    return request;
  }

  /**
   * Sends the blank line that ends the headers; returns the response once the connection is closed.
   */
  async complete(): Promise<string> {
    this.#socket.write('\r\n');
    if (!this.#socket.closed) await once(this.#socket, 'close');
    return this.#received;
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** Returns whether nothing listens there any more. */
export const isRefused = async ({ hostname, port }: URL) => {
  const socket = connect(Number(port), hostname);
  const outcome = await Promise.race([
    once(socket, 'connect').then(() => false),
    once(socket, 'close').then(() => true),
  ]).catch(() => true);
  socket.destroy();
  return outcome;
};
