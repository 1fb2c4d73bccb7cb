import { hash } from 'node:crypto';

const ASCII = /^[\x20-\x7e]*$/;

const quoted = (term) => `'${term.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/**
 * Returns what `task_query` makes of words and tags that are plain enough to be folded here: computed
 * by PostgreSQL it costs more than the search. Undefined for other texts.
 */
export function plainQuery(owner, words, tags) {
  if (!ASCII.test(words) || !tags.every((tag) => ASCII.test(tag))) return undefined;
  const prefix = hash('sha256', owner, 'base64').slice(0, 8);
  const found = words.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const terms = found.map((word) => `${quoted(`${prefix}:${word.slice(0, 64)}`)}:*`);
  for (const tag of tags) terms.push(quoted(`${prefix}#${tag.toLowerCase()}`));
  return terms.length === 0 ? undefined : terms.join(' & ');
}
