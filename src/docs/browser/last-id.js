const RESOURCE = /^\/api\/v1\/(tasks|lists)(\/|$)/;

/** Returns `tasks` or `lists`, if a path is of one of them. */
const resourceOf = (path) => RESOURCE.exec(path)?.[1];

/** Returns the id of the task or list in a response: the first of a page, the last of a batch. */
export function idIn(body) {
  const shown = [
    body,
    ...(Array.isArray(body?.data) ? body.data.slice(0, 1) : []),
    ...(Array.isArray(body?.results) ? body.results.map((result) => result?.task).reverse() : []),
  ];
  return shown.find((one) => typeof one?.id === 'string')?.id;
}

/** Fills `{id}` of every operation with the last id seen of its resource, unless the user typed another. */
export class LastId {
  #ui;
  /** The ids filled in last, by resource. */
  #filled = {};

  constructor(ui) {
    this.#ui = ui;
  }

  see({ url, ok, text }) {
    const resource = resourceOf(new URL(url, location.origin).pathname);
    if (!ok || resource === undefined) return;
    const id = idIn(parse(text));
    if (id === undefined) return;
    for (const [path, method] of this.#operations(resource)) {
      this.#fill(path, method, id, this.#filled[resource]);
    }
    this.#filled[resource] = id;
  }

  #operations(resource) {
    const paths = Object.entries(this.#ui().specSelectors.specJson().get('paths').toJS());
    return paths
      .filter(([path]) => resourceOf(path) === resource && path.includes('{id}'))
      .flatMap(([path, item]) => Object.keys(item).map((method) => [path, method]));
  }

  #fill(path, method, id, filled) {
    const { specSelectors, specActions } = this.#ui();
    const parameter = specSelectors.parameterWithMeta([path, method], 'id', 'path');
    const value = parameter?.get('value');
    const example = parameter?.get('example') ?? parameter?.getIn(['schema', 'example']);
    if ([undefined, '', example, filled].includes(value)) {
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
