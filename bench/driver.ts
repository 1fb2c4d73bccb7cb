/**
 * Generates the load in a process of its own: receives a job over IPC, runs it and returns the
 * result.
 *
 * autocannon uses 29 µs of CPU per request where this driver uses 20 (63 and 35 if the response is
 * a list). The servers lose that time, and the more both of them lose, the more alike they look.
 * autocannon also cannot send an `If-Match` from the previous response.
 */
import { Connection } from './connection.ts';
import { cpuOf, cpuOfAll, cpuOfDatabase } from './cpu.ts';

/** The requests to send, and how many. */
export interface Job {
  readonly port: number;
  readonly connections: number;
  readonly seconds: number;
  /** Ends the job early, after this number of requests. */
  readonly maxRequests?: number;
  /**
   * Requests per second, sent whether or not responses arrive; without a rate, each response
   * triggers the next request.
   */
  readonly rate?: number;
  /** Raw HTTP/1.1 requests, used in turn; a template stays with its connection. */
  readonly requests: readonly string[];
  /** The first ETag of each template. */
  readonly etags?: readonly string[];
  /** The processes of the service, and its database on PostgreSQL. */
  readonly pids: readonly number[];
  readonly database: string | undefined;
}

/** Latencies in milliseconds, CPU time in microseconds per request. */
export interface Result {
  readonly responses: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly errors: number;
  readonly firstError: string | undefined;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
  readonly cpu: number;
  readonly databaseCpu: number;
  readonly driverCpu: number;
}

/** How long to wait for the last responses after the end of a job. */
const GRACE_MS = 10_000;

class Run {
  readonly #job: Job;
  readonly #connections: Connection[];
  readonly #idle: Connection[] = [];
  /** Times of due requests that found no free connection. */
  readonly #waiting: number[] = [];
  readonly #bytes: readonly Buffer[];
  readonly #latencies: number[] = [];
  readonly #finished = Promise.withResolvers<undefined>();
  #next = 0;
  #sent = 0;
  #errors = 0;
  #firstError: string | undefined;
  #isOver = false;

  constructor(job: Job) {
    this.#job = job;
    this.#bytes = job.requests.map((request) => Buffer.from(request));
    this.#connections = Array.from(
      { length: job.connections },
      (_, i) =>
        new Connection(job.port, job.requests[i % job.requests.length] ?? '', job.etags?.[i]),
    );
    for (const connection of this.#connections) {
      connection.onFailure = (error) => {
        this.#fail(error.message);
        this.#finished.resolve(undefined);
      };
      connection.onResponse = (status) => this.#onResponse(connection, status);
    }
  }

  async measure(): Promise<Result> {
    const { pids, database, seconds, rate } = this.#job;
    await Promise.all(this.#connections.map(({ opened }) => opened));
    const before = [cpuOfAll(pids), cpuOfDatabase(database), cpuOf(process.pid)] as const;
    const start = performance.now();
    const timer = setTimeout(() => this.#stop(), seconds * 1_000);
    if (rate === undefined)
      for (const connection of this.#connections) this.#send(connection, start);
    else this.#sendAt(rate, start);
    await this.#finished.promise;
    clearTimeout(timer);
    const taken = (performance.now() - start) / 1_000;
    const after = [cpuOfAll(pids), cpuOfDatabase(database), cpuOf(process.pid)] as const;
    for (const connection of this.#connections) connection.close();
    return this.#result(taken, before, after);
  }

  #send(connection: Connection, intended: number): void {
    connection.intended = intended;
    this.#sent += 1;
    connection.send(this.#bytes[this.#next]);
    this.#next = (this.#next + 1) % this.#bytes.length;
  }

  /** Sends each request at its scheduled time; waiting for a connection counts as latency. */
  #sendAt(rate: number, start: number): void {
    this.#idle.push(...this.#connections);
    let due = 0;
    const tick = (): void => {
      if (this.#isOver) return;
      const now = performance.now();
      for (; start + (due * 1_000) / rate <= now; due += 1) {
        const intended = start + (due * 1_000) / rate;
        const connection = this.#idle.shift();
        if (connection === undefined) this.#waiting.push(intended);
        else this.#send(connection, intended);
      }
      setTimeout(tick, 1);
    };
    tick();
  }

  #onResponse(connection: Connection, status: number): void {
    const now = performance.now();
    this.#latencies.push(now - connection.intended);
    if (status < 200 || status > 299) this.#fail(`status ${String(status)}`);
    const { maxRequests = Infinity, rate } = this.#job;
    if (this.#sent >= maxRequests) this.#isOver = true;
    const intended = this.#waiting.shift();
    if (intended !== undefined) this.#send(connection, intended);
    else if (this.#isOver) this.#endWhenIdle();
    else if (rate === undefined) this.#send(connection, now);
    else this.#idle.push(connection);
  }

  #fail(message: string): void {
    this.#errors += 1;
    this.#firstError ??= message;
  }

  /** Waits for requests that are in flight or due. */
  #stop(): void {
    this.#isOver = true;
    this.#endWhenIdle();
    setTimeout(() => {
      this.#fail('some requests received no response');
      this.#finished.resolve(undefined);
    }, GRACE_MS).unref();
  }

  #endWhenIdle(): void {
    if (this.#connections.every(({ isBusy }) => !isBusy)) this.#finished.resolve(undefined);
  }

  #result(seconds: number, before: readonly number[], after: readonly number[]): Result {
    const sorted = Float64Array.from(this.#latencies).sort();
    const at = (q: number) => sorted[Math.floor((sorted.length - 1) * q)] ?? Number.NaN;
    const each = (i: number) => ((after[i] ?? NaN) - (before[i] ?? NaN)) / sorted.length;
    return {
      responses: sorted.length,
      seconds,
      perSecond: sorted.length / seconds,
      errors: this.#errors,
      firstError: this.#firstError,
      p50: at(0.5),
      p95: at(0.95),
      p99: at(0.99),
      max: at(1),
      cpu: each(0),
      databaseCpu: each(1),
      driverCpu: each(2),
    };
  }
}

process.on('message', (job: Job) => {
  new Run(job).measure().then(
    (result) => process.send?.({ result }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.once('disconnect', () => process.exit());
