const TASKS = /^\/api\/v1\/tasks(\/|$)/;

/** Returns the id of the task in a response: the first of a list, the last of a batch. */
export function idIn(body) {
  const shown = [
    body,
    ...(Array.isArray(body?.data) ? body.data.slice(0, 1) : []),
    ...(Array.isArray(body?.results) ? body.results.map((result) => result?.task).reverse() : []),
  ];
  return shown.find((task) => typeof task?.id === 'string')?.id;
}

/** Fills `{id}` of every task operation with the last id seen, unless the user typed another. */
export class LastId {
  #ui;
  #filled;

  constructor(ui) {
    this.#ui = ui;
  }

  see({ url, ok, text }) {
    if (!ok || !TASKS.test(new URL(url, location.origin).pathname)) return;
    const id = idIn(parse(text));
    if (id === undefined) return;
    for (const [path, method] of this.#operations()) this.#fill(path, method, id);
    this.#filled = id;
  }

  #operations() {
    const paths = Object.entries(this.#ui().specSelectors.specJson().get('paths').toJS());
    return paths
      .filter(([path]) => TASKS.test(path) && path.includes('{id}'))
      .flatMap(([path, item]) => Object.keys(item).map((method) => [path, method]));
  }

  #fill(path, method, id) {
    const { specSelectors, specActions } = this.#ui();
    const parameter = specSelectors.parameterWithMeta([path, method], 'id', 'path');
    const value = parameter?.get('value');
    const example = parameter?.get('example') ?? parameter?.getIn(['schema', 'example']);
    if ([undefined, '', example, this.#filled].includes(value)) {
      specActions.changeParam([path, method], 'id', 'path', id, false);
    }
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
