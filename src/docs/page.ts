import { createRequire } from 'node:module';

const { version: UI_VERSION } = createRequire(import.meta.url)('swagger-ui-dist/package.json') as {
  version: string;
};

/** Settings that the page displays. */
export interface PageSettings {
  readonly AUTH_MODE: string;
  readonly AUTH_ISSUER?: string;
  readonly AUTH_AUDIENCE?: string;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escape = (value: string) =>
  value.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

/** Quotes an argument for a POSIX shell. */
const shellQuote = (value: string) => `'${value.replaceAll("'", String.raw`'\''`)}'`;

const EMBEDDED = `<p data-when="out"><strong>Sign up first</strong>, or sign in:
          requests from this page then carry your token.</p>
        <p class="actions">
          <a class="button" data-when="out" href="#/Sign%20in/signUp" data-operation="signUp">Sign up</a>
          <a class="button" data-when="out" href="#/Sign%20in/signIn" data-operation="signIn">Sign in</a>
          <a class="button" data-when="in" hidden href="#/Tasks/createTask" data-tag="Tasks" data-operation="createTask">Create a task</a>
          <button class="button" type="button" id="sign-out" data-when="in" hidden>Sign out</button>
        </p>`;

/** Field for a token that was issued elsewhere. */
const TOKEN_FORM = `<form id="token-form" data-when="out error">
          <label for="token">Token</label>
          <input id="token" autocomplete="off" autocapitalize="off" spellcheck="false" required>
          <button class="button" type="submit">Use this token</button>
        </form>
        <p class="actions"><button class="button" type="button" id="sign-out" data-when="in" hidden>Forget the token</button></p>`;

function remoteText(issuer: string, audience: string): string {
  const signIn = URL.canParse(issuer)
    ? ` If it is a Better Auth, sign in there and open
          <a href="${escape(new URL('/api/auth/token', issuer).href)}" rel="noreferrer" target="_blank">its /api/auth/token</a>.`
    : '';
  return `<p data-when="out error"><strong>Paste a token first.</strong> This Taskward has no accounts of its own:
          it takes tokens of <code>${escape(issuer)}</code> for the audience <code>${escape(audience)}</code>.${signIn}</p>
        ${TOKEN_FORM}`;
}

/** Returns a command that prints a token valid for five minutes; it needs nothing but Node. */
function signingCommand(issuer: string, audience: string): string {
  const program = `
  const { createHmac } = require("node:crypto");
  const [iss, aud, sub] = process.argv.slice(1);
  const encode = (part) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const iat = Math.floor(Date.now() / 1000);
  const parts = [{ alg: "HS256", typ: "JWT" }, { iss, aud, sub, iat, exp: iat + 300 }];
  const signed = parts.map(encode).join(".");
  const hmac = createHmac("sha256", process.env.BETTER_AUTH_SECRET).update(signed);
  console.log(signed + "." + hmac.digest("base64url"));
`;
  return `node -e ${shellQuote(program)} -- ${shellQuote(issuer)} ${shellQuote(audience)} ada`;
}

function secretText(issuer: string, audience: string): string {
  return `<p data-when="out error"><strong>Paste a token first.</strong> This Taskward has no accounts of its own:
          it takes tokens of <code>${escape(issuer)}</code> for the audience <code>${escape(audience)}</code>,
          signed with HS256 and the secret that both share.</p>
        ${TOKEN_FORM}
        <details data-when="out error"><summary>Make a token for the user <code>ada</code></summary>
          <p>Run this where <code>BETTER_AUTH_SECRET</code> is set:</p>
          <pre tabindex="0"><code id="token-command">${escape(signingCommand(issuer, audience))}</code></pre>
        </details>`;
}

function accountText({ AUTH_MODE, AUTH_ISSUER = '', AUTH_AUDIENCE = '' }: PageSettings): string {
  if (AUTH_MODE === 'embedded') return EMBEDDED;
  const text = AUTH_MODE === 'secret' ? secretText : remoteText;
  return text(AUTH_ISSUER, AUTH_AUDIENCE);
}

/** Returns the page: Swagger UI below a section that shows who is signed in. */
export const renderPage = (settings: PageSettings) => `<!doctype html>
<html lang="en" data-auth-mode="${settings.AUTH_MODE}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Taskward API</title>
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png?v=${UI_VERSION}" sizes="32x32">
    <link rel="stylesheet" href="/docs/swagger-ui.css?v=${UI_VERSION}">
    <link rel="stylesheet" href="/docs/page.css">
    <script src="/docs/swagger-ui-bundle.js?v=${UI_VERSION}" defer></script>
    <script src="/docs/page.js" type="module"></script>
  </head>
  <body>
    <main>
      <section id="account" aria-label="Account">
        <div role="status">
          <p data-when="in" hidden>Signed in as <strong id="user"></strong>. Requests from this page carry ${
            settings.AUTH_MODE === 'embedded' ? 'your' : 'that'
          } token.</p>
          <p data-when="error" hidden>Not signed in: <span id="account-error"></span></p>
        </div>
        ${accountText(settings)}
        <noscript><p>This page needs JavaScript; <a href="/openapi.json">openapi.json</a> does not.</p></noscript>
      </section>
      <div id="swagger-ui"></div>
    </main>
  </body>
</html>
`;
