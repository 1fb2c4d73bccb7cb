import { makeAccessible } from './accessible.js';
import { AccountSection } from './account.js';
import { arrange } from './document.js';
import { LastId } from './last-id.js';
import { foldResponses } from './responses.js';
import { cookieSession, pastedToken, sendToken } from './session.js';

const { authMode } = document.documentElement.dataset;
const session = authMode === 'embedded' ? cookieSession : pastedToken();
const currentUi = () => globalThis.ui;
const account = new AccountSection(session, currentUi);
const lastId = new LastId(currentUi);

/** Updates the page after a response: who is signed in, and the last task or list seen. */
function follow(response) {
  const { pathname } = new URL(response.url, location.origin);
  const mayChangeUser = pathname.startsWith('/api/auth/') || response.status === 401;
  if (mayChangeUser) void account.refresh();
  lastId.see(response);
  return response;
}

async function start() {
  const [description] = await Promise.all([
    fetch('/openapi.json').then((response) => response.json()),
    account.refresh(),
  ]);
  globalThis.ui = globalThis.SwaggerUIBundle({
    spec: arrange(description),
    dom_id: '#swagger-ui',
    deepLinking: true,
    plugins: [foldResponses, makeAccessible],
    layout: 'BaseLayout',
    tryItOutEnabled: true,
    displayRequestDuration: true,
    defaultModelsExpandDepth: 0,
    validatorUrl: null,
    requestInterceptor: (request) => sendToken(request, session),
    responseInterceptor: follow,
  });
}

void start();
