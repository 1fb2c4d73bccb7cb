const PASSWORD = 'correct horse battery';

interface Task {
  readonly id: string;
  readonly title: string;
}

async function jsonOf<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url}: ${response.status} ${text}`);
  return JSON.parse(text) as T;
}

/** A user who calls the API from outside the container. */
export class User {
  readonly #url: string;
  readonly #email = `ada.${Date.now()}@example.com`;
  #token = '';

  constructor(url: string) {
    this.#url = url;
  }

  async #enter(route: string, body: Record<string, string>): Promise<void> {
    const headers = { origin: this.#url, 'content-type': 'application/json' };
    const json = JSON.stringify({ email: this.#email, password: PASSWORD, ...body });
    const entered = await fetch(`${this.#url}/api/auth/${route}`, {
      method: 'POST',
      headers,
      body: json,
    });
    await jsonOf(entered);
    const cookie = entered.headers.getSetCookie().map((line) => line.split(';')[0]);
    const issued = await fetch(`${this.#url}/api/auth/token`, {
      headers: { cookie: cookie.join('; ') },
    });
    this.#token = (await jsonOf<{ token: string }>(issued)).token;
  }

  signUp(): Promise<void> {
    return this.#enter('sign-up/email', { name: 'Ada' });
  }

  signIn(): Promise<void> {
    return this.#enter('sign-in/email', {});
  }

  async keep(title: string): Promise<void> {
    const response = await fetch(`${this.#url}/api/v1/tasks`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title }),
    });
    await jsonOf<Task>(response);
  }

  /** Throws unless the token and the tasks are what they were. */
  async expectTasks(...titles: string[]): Promise<void> {
    const response = await fetch(`${this.#url}/api/v1/tasks`, {
      headers: { authorization: `Bearer ${this.#token}` },
    });
    const { data } = await jsonOf<{ data: Task[] }>(response);
    const found = data.map(({ title }) => title).sort();
    if (found.join() !== titles.sort().join()) {
      throw new Error(`expected the tasks ${titles.join()}, found ${found.join()}`);
    }
  }
}
