import { logAuthEvent } from '../issuer/index.js';
import type { RateLimits } from '../rate-limit/index.js';
import { addressKey } from './address-key.js';
import { callerOf } from './auth-events.js';
import type { Mail, Mailer } from './mailer.js';

/** Mails with the same subject to one address per hour. Their links stay valid for as long. */
const LIMIT = { max: 5, window: 3_600 };

/** Sends mails that strangers can trigger, without flooding anyone's mailbox. */
export class LimitedMailer {
  /** @param limits counters shared by all instances; without them nothing is limited. */
  constructor(
    private readonly mailer: Mailer,
    private readonly limits: Pick<RateLimits, 'count'> | undefined,
  ) {}

  /** Returns at once, as `Mailer` does. */
  send(mail: Mail, request: Request | undefined): void {
    void this.#send(mail, callerOf(request?.headers));
  }

  async #send(mail: Mail, caller: ReturnType<typeof callerOf>): Promise<void> {
    // Counted per subject: requesting one mail too often must not block another.
    const key = addressKey(`mail:${mail.subject}`, mail.to);
    const { count } = (await this.limits?.count(key, LIMIT)) ?? { count: 1 };
    if (count <= LIMIT.max) this.mailer.send(mail);
    else if (count === LIMIT.max + 1) logAuthEvent('rate_limited', { kind: 'mail', ...caller });
  }
}
