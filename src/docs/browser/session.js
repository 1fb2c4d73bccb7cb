/** Matches a token in pasted text: after `Bearer`, or within a JSON response. */
const TOKEN = /[\w-]+\.[\w-]+\.[\w-]+/;

const problemIn = async (response) => {
  const { detail, title } = await response.json().catch(() => ({}));
  return detail ?? title ?? `status ${response.status}`;
};

/** Session of the embedded Better Auth: its cookie is exchanged for a token per request. */
export const cookieSession = {
  async token() {
    const response = await fetch('/api/auth/token');
    return response.ok ? (await response.json()).token : undefined;
  },

  /** Returns the signed-in user, or undefined. */
  async user() {
    const response = await fetch('/api/auth/get-session');
    if (!response.ok) throw new Error(await problemIn(response));
    return (await response.json())?.user;
  },

  async end() {
    await fetch('/api/auth/sign-out', { method: 'POST' });
  },
};

/** A pasted token, kept in memory only, so that a reload forgets it. */
export const pastedToken = () => {
  let token;
  return {
    token: () => Promise.resolve(token),

    /** @throws Error if the text contains no token. */
    paste(text) {
      token = TOKEN.exec(text)?.[0];
      if (token === undefined) throw new Error('that is no JSON Web Token.');
    },

    async user() {
      if (token === undefined) return undefined;
      const headers = { authorization: `Bearer ${token}` };
      const response = await fetch('/api/v1/me', { headers });
      if (!response.ok) throw new Error(await problemIn(response));
      return response.json();
    },

    end() {
      token = undefined;
      return Promise.resolve();
    },
  };
};

/** Adds the token to requests to the API of this origin only. */
export async function sendToken(request, session) {
  const { origin, pathname } = new URL(request.url, location.origin);
  const isOurs = origin === location.origin && pathname.startsWith('/api/v1/');
  const token = isOurs ? await session.token() : undefined;
  if (token !== undefined) request.headers['Authorization'] = `Bearer ${token}`;
  return request;
}
