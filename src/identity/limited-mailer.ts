import { logAuthEvent } from '../issuer/index.js';
import type { RateLimits } from '../rate-limit/index.js';
import { addressKey } from './address-key.js';
import { sender } from './auth-events.js';
import type { Mail, Mailer } from './mailer.js';

/** Mails of one subject to one address in an hour. The links in those that came are good as long. */
const RULE = { max: 5, window: 3_600 };

/** Sends mails that strangers can cause: nobody's mailbox is filled by us. */
export class LimitedMailer {
  /** @param limits counters that all instances share; without them nothing is limited. */
  constructor(
    private readonly mailer: Mailer,
    private readonly limits: Pick<RateLimits, 'count'> | undefined,
  ) {}

  /** Returns at once, as a mailer does. */
  send(mail: Mail, request: Request | undefined): void {
    void this.#send(mail, sender(request?.headers));
  }

  async #send(mail: Mail, who: ReturnType<typeof sender>): Promise<void> {
    // By subject: who asks for one mail too often must not keep another away.
    const key = addressKey(`mail:${mail.subject}`, mail.to);
    const { count } = (await this.limits?.count(key, RULE)) ?? { count: 1 };
    if (count <= RULE.max) this.mailer.send(mail);
    else if (count === RULE.max + 1) logAuthEvent('rate_limited', { kind: 'mail', ...who });
  }
}
