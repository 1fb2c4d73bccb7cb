/** Operations listed first where Taskward has accounts of its own. */
const FIRST = ['signUp', 'signIn', 'signOut'];

export const SIGN_IN_TAG = 'Sign in';

const TAGS = [
  { name: SIGN_IN_TAG, description: 'Sign up first: the tasks below are then yours.' },
  { name: 'Tasks', description: 'Your tasks. No other user can see them.' },
  { name: 'Lists', description: 'Your lists of tasks. No other user can see them.' },
  {
    name: 'Changes',
    description: 'Changes of your tasks and lists, as pages and as a stream.',
  },
  { name: 'Export and import', description: 'Your tasks and lists as files.' },
  { name: 'Tokens', description: 'Your personal tokens, for scripts and tools.' },
  { name: 'Feeds', description: 'Your tasks, for calendars that subscribe to an address.' },
  { name: 'Accounts', description: 'You, your tokens, sessions and password.' },
  { name: 'Health', description: 'For load balancers.' },
];

const operationsOf = (document) =>
  Object.values(document.paths).flatMap((item) =>
    Object.values(item).filter((operation) => operation?.operationId),
  );

/**
 * Rearranges the document for this page: sign-in, then tasks, lists and their changes, then the rest. Requests go to the
 * origin of the page, which adds the token itself, so Swagger UI does not prompt for one.
 */
export function arrange(document) {
  const page = structuredClone({ ...document, servers: [{ url: '/' }] });
  delete page.components.securitySchemes;
  for (const operation of operationsOf(page)) {
    delete operation.security;
    if (FIRST.includes(operation.operationId)) operation.tags = [SIGN_IN_TAG];
  }
  const used = new Set(operationsOf(page).flatMap(({ tags = [] }) => tags));
  const others = (document.tags ?? []).filter(({ name }) => !TAGS.some((tag) => tag.name === name));
  page.tags = [...TAGS, ...others].filter(({ name }) => used.has(name));
  return page;
}
