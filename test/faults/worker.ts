import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpClient, Outcome, Request } from './http-client.ts';
import { type Entry, isSame, type Ledger, type State } from './ledger.ts';
import type { Tally } from './tally.ts';

const TASKS = '/api/v1/tasks';
const BATCH = 20;
/** Tasks that a worker goes on reading and changing; older ones are left alone. */
const KEPT = 100;
/** Milliseconds before something that failed is tried again. */
const PAUSE = 25;

interface Task {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly version: number;
}

/** State shared by all workers of a load. */
export interface Shared {
  readonly client: HttpClient;
  readonly ledger: Ledger;
  readonly tally: Tally;
  /** Failures that the fault may cause. */
  readonly tolerates: ReadonlySet<'cut' | 503>;
  /** Reads between two writes. */
  readonly readsPerWrite: number;
  /** The id of a task that each user made last. */
  readonly lastIds: Map<string, string>;
  /** When a request last failed, and when one was last acknowledged; `performance.now()`. */
  lastFailure: number;
  lastSuccess: number;
  isStopped: boolean;
}

const WRITES = ['create', 'createWithKey', 'update', 'batch', 'update', 'remove'] as const;

/**
 * One client of one user, who does one thing after the other and compares every answer. What got no
 * answer is in doubt: with a key it is sent again, without one it is looked up.
 */
export class Worker {
  readonly #shared: Shared;
  readonly #user: string;
  readonly #name: string;
  readonly #headers: Readonly<Record<string, string>>;
  #entries: Entry[] = [];
  #steps = 0;
  #changes = 0;

  constructor(shared: Shared, user: string, name: string, token: string) {
    this.#shared = shared;
    this.#user = user;
    this.#name = `${user}/${name}`;
    this.#headers = { authorization: `Bearer ${token}` };
  }

  async run(): Promise<void> {
    for (; !this.#shared.isStopped; this.#steps += 1) {
      const { readsPerWrite } = this.#shared;
      const writes = Math.floor(this.#steps / (readsPerWrite + 1));
      const isWrite = this.#steps % (readsPerWrite + 1) === 0;
      if (isWrite) await this[WRITES[writes % WRITES.length] ?? 'create']();
      else if (this.#steps % 10 === 3) await this.#list();
      else if (this.#steps % 25 === 7) await this.#readForeign();
      else await this.#read();
    }
  }

  async create(): Promise<void> {
    const entry = this.#open();
    const outcome = await this.#send({ method: 'POST', path: TASKS, json: bodyOf(entry) }, 201);
    if (outcome?.status === 201) this.#made(entry, outcome.body as Task);
  }

  async createWithKey(): Promise<void> {
    const entry = this.#open();
    const request = { method: 'POST', path: TASKS, json: bodyOf(entry) };
    const response = await this.#sendWithKey(request, 201);
    if (response === undefined) return;
    this.#made(entry, response.body as Task);
    if (this.#changes % 5 === 0) await this.#replay(response.resend, entry);
  }

  /** As a client that did not see the answer: the first one comes again, and no second task. */
  async #replay(resend: Request, entry: Entry): Promise<void> {
    const outcome = await this.#send(resend, 201);
    if (outcome?.status !== 201) return;
    if ((outcome.body as Task).id !== entry.id) this.#shared.tally.duplicated.add(entry.title);
    if (outcome.headers['idempotency-replayed'] !== 'true') {
      this.#shared.tally.fail(`${entry.title} was made again, and not replayed`);
    }
  }

  async batch(): Promise<void> {
    const entries = Array.from({ length: BATCH }, () => this.#open());
    const operations = entries.map((entry) => ({ op: 'create', task: bodyOf(entry) }));
    const request = { method: 'POST', path: `${TASKS}/batch`, json: { operations } };
    const response = await this.#sendWithKey(request, 200);
    const { results = [] } = (response?.body ?? {}) as { results?: { task: Task }[] };
    results.forEach(({ task }, n) => {
      const entry = entries[n];
      if (entry) this.#made(entry, task);
    });
  }

  async update(): Promise<void> {
    const entry = await this.#pick();
    if (entry?.sure === undefined) return;
    const doubt = { ...entry.sure, note: this.#note(), version: entry.sure.version + 1 };
    entry.doubt = doubt;
    const request = { method: 'PATCH', path: `${TASKS}/${entry.id}` };
    const outcome = await this.#send({ ...request, json: { description: doubt.note } }, 200);
    if (outcome?.status === 200) this.#changed(entry, stateOf(outcome.body as Task));
  }

  async remove(): Promise<void> {
    const entry = await this.#pick();
    if (entry?.sure === undefined) return;
    entry.doubt = { ...entry.sure, version: entry.sure.version + 1, deleted: true };
    const outcome = await this.#send({ method: 'DELETE', path: `${TASKS}/${entry.id}` }, 204);
    if (outcome?.status === 204) this.#changed(entry, entry.doubt);
  }

  async #read(): Promise<void> {
    const entry = await this.#pick();
    if (entry?.sure === undefined) return;
    const conditional = this.#steps % 4 === 0;
    const etag = `"${String(entry.sure.version)}"`;
    const headers = conditional ? { 'if-none-match': etag } : {};
    const path = `${TASKS}/${entry.id}`;
    const outcome = await this.#send({ path, headers }, 200, 304, 404);
    if (outcome === undefined) return;
    if (outcome.status === 404) this.#shared.tally.loses(entry.title, 'its owner gets 404');
    if (outcome.status === 200) this.#compare(entry, outcome.body as Task);
    if (outcome.status === 304 && !conditional) this.#shared.tally.fail('304, not asked for');
  }

  #compare(entry: Entry, task: Task): void {
    if (task.title !== entry.title) this.#foreign(task);
    else if (!isSame(stateOf(task), entry.sure)) {
      this.#shared.tally.loses(entry.title, `${JSON.stringify(task)}, not what was acknowledged`);
    }
  }

  async #list(): Promise<void> {
    const outcome = await this.#send({ path: `${TASKS}?limit=20` }, 200);
    const { data = [] } = (outcome?.body ?? {}) as { data?: Task[] };
    for (const task of data) {
      if (!task.title.startsWith(`${this.#user}/`)) this.#foreign(task);
    }
  }

  async #readForeign(): Promise<void> {
    const others = [...this.#shared.lastIds].filter(([user]) => user !== this.#user);
    const [, id] = others[this.#steps % Math.max(others.length, 1)] ?? [];
    if (id === undefined) return;
    const outcome = await this.#send({ path: `${TASKS}/${id}` }, 200, 404);
    if (outcome?.status === 200) this.#foreign(outcome.body as Task);
  }

  /** Everything that the user is shown, page by page, compared with what was acknowledged. */
  async readBack(): Promise<void> {
    const missing = new Map(this.#shared.ledger.listed(this.#user).map((e) => [e.title, e]));
    for (let cursor: string | null = ''; cursor !== null;) {
      const path = `${TASKS}?limit=200${cursor && `&cursor=${cursor}`}`;
      const outcome = await this.#send({ path }, 200);
      if (outcome === undefined) return;
      const page = outcome.body as { data: Task[]; nextCursor: string | null };
      for (const task of page.data) {
        const entry = missing.get(task.title);
        if (!task.title.startsWith(`${this.#user}/`)) this.#foreign(task);
        else if (entry) this.#compare(entry, task);
        missing.delete(task.title);
      }
      cursor = page.nextCursor;
    }
    for (const title of missing.keys()) {
      this.#shared.tally.loses(title, 'its owner does not find it in the list');
    }
  }

  #foreign({ id, title }: Task): void {
    this.#shared.tally.foreign.add(id);
    this.#shared.tally.note(`${this.#user} was shown ${title}`);
  }

  #note(): string {
    this.#changes += 1;
    return `change ${String(this.#changes)} of ${this.#name}`;
  }

  #open(): Entry {
    const note = this.#note();
    return this.#shared.ledger.open(
      this.#user,
      `${this.#name}/task ${String(this.#changes)}`,
      note,
    );
  }

  #made(entry: Entry, task: Task): void {
    if (entry.id !== '' && entry.id !== task.id) this.#shared.tally.duplicated.add(entry.title);
    entry.id = task.id;
    if (!isSame(stateOf(task), entry.doubt)) {
      this.#shared.tally.loses(entry.title, `${JSON.stringify(task)}, not what was sent`);
    }
    this.#changed(entry, stateOf(task));
    this.#shared.lastIds.set(this.#user, task.id);
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
  }

  /** A change was acknowledged. */
  #changed(entry: Entry, state: State): void {
    if (entry.doubt && !isSame(state, entry.doubt)) {
      this.#shared.tally.loses(entry.title, `${JSON.stringify(state)}, not what was sent`);
    }
    entry.sure = state;
    entry.doubt = undefined;
    this.#shared.tally.acknowledged += 1;
    if (state.deleted) this.#entries = this.#entries.filter((other) => other !== entry);
  }

  /** One of the worker's tasks, of which nothing is in doubt. */
  async #pick(): Promise<Entry | undefined> {
    const entry = this.#entries[Math.floor(Math.random() * this.#entries.length)];
    if (entry?.doubt === undefined) return entry;
    const outcome = await this.#send({ path: `${TASKS}/${entry.id}` }, 200, 404);
    if (outcome === undefined) return undefined;
    const { sure, doubt } = entry;
    const task = outcome.body as Task;
    const now = outcome.status === 404 ? { ...doubt, deleted: true } : stateOf(task);
    if (!isSame(now, sure) && !isSame(now, doubt)) {
      this.#shared.tally.loses(entry.title, `${JSON.stringify(now)}, which nobody asked for`);
    }
    entry.sure = now;
    entry.doubt = undefined;
    if (!now.deleted) return entry;
    this.#entries = this.#entries.filter((other) => other !== entry);
    return undefined;
  }

  /** Sends the same again, with the same key, until it is done. */
  async #sendWithKey(request: Request, wanted: number) {
    const resend = { ...request, headers: { 'idempotency-key': randomUUID() } };
    for (;;) {
      const outcome = await this.#send(resend, wanted, 409);
      if (outcome?.status === wanted) return { body: outcome.body, resend };
      if (outcome?.status === 409) await delay(PAUSE);
      // An unexpected refusal is reported only once.
      if (outcome === undefined && !this.#mayFail) return undefined;
    }
  }

  get #mayFail(): boolean {
    return this.#shared.tolerates.size > 0;
  }

  /** One request; the outcome is undefined when it is none of `wanted`, and has been counted then. */
  async #send(request: Request, ...wanted: number[]): Promise<Outcome | undefined> {
    const { client, tally, tolerates } = this.#shared;
    const headers = { ...this.#headers, ...request.headers };
    const outcome = await client.send({ ...request, headers });
    const { status } = outcome;
    if (wanted.includes(status as number)) {
      this.#shared.lastSuccess = performance.now();
      if ((request.method ?? 'GET') === 'GET') tally.reads += 1;
      return outcome;
    }
    this.#shared.lastFailure = performance.now();
    const what = `${request.method ?? 'GET'} ${request.path}: ${String(status)}`;
    if (status === 'hung') {
      tally.hung += 1;
      tally.note(what);
    } else if (!tolerates.has(status as 'cut' | 503) || !isDocumented(outcome)) {
      tally.fail(`${what} ${JSON.stringify(outcome.body ?? '')}`);
    }
    await delay(PAUSE);
    return undefined;
  }
}

const bodyOf = ({ title, doubt }: Entry) => ({ title, description: doubt?.note });

const stateOf = ({ description, version }: Task): State => ({
  note: description,
  version,
  deleted: false,
});

const UNAVAILABLE = ['database_unavailable', 'instance_unavailable'];

/** Whether it is the 503 that `openapi.json` promises. */
function isDocumented({ status, headers, body }: Outcome): boolean {
  if (status === 'cut') return true;
  const { code = '' } = (body ?? {}) as { code?: string };
  return UNAVAILABLE.includes(code) && Number(headers?.['retry-after']) > 0;
}
