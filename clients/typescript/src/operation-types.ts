/** Types that openapi-fetch has from a package of its own: declared here, so that this one needs no other. */

export type HttpMethod = 'get' | 'put' | 'post' | 'delete' | 'patch';

export type MediaType = `${string}/${string}`;

/** Paths that have an operation of a method. */
export type PathsWithMethod<Paths, Name extends HttpMethod> = {
  [Path in keyof Paths]: Paths[Path] extends Record<Name, unknown> ? Path : never;
}[keyof Paths];

/** Members of an object that must be there. */
export type RequiredKeysOf<T> = {
  [Key in keyof T]-?: Partial<Pick<T, Key>> extends Pick<T, Key> ? never : Key;
}[keyof T];
