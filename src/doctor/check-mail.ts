import type { Env } from '../config/index.js';
import { createTransport } from '../identity/index.js';
import { error, type Finding, ok, reasonOf, warning } from './finding.js';

const SET_SMTP = 'Set SMTP_URL=smtps://user:password@host:465';

/** Connects to the mail server, and logs in if SMTP_URL has a password. Sends nothing. */
export async function checkMail(env: Env): Promise<Finding> {
  if (env.AUTH_MODE !== 'embedded') return ok('mail', 'The issuer of the tokens sends mail.');
  if (env.SMTP_URL === undefined) {
    if (env.NODE_ENV !== 'production' && env.isLocal)
      return ok('mail', 'Mail is written to the log.');
    const text = 'There is no mail: forgotten passwords cannot be reset.';
    return warning('mail', text, SET_SMTP);
  }
  const { host } = new URL(env.SMTP_URL);
  const transport = await createTransport(env, env.SMTP_URL);
  try {
    await transport.verify();
    return ok('mail', `The mail server ${host} accepts connections.`);
  } catch (reason) {
    const text = `The mail server ${host} cannot be used: ${reasonOf(reason)}. New users cannot verify their address.`;
    const command = `openssl s_client -connect ${host} -starttls smtp`;
    return error('mail', text, `Correct SMTP_URL. To see what the server says, run: ${command}`);
  } finally {
    transport.close();
  }
}
