import type { JSONWebKeySet } from 'jose';
import { KeySource } from '../issuer/index.js';
import type { BetterAuth } from './better-auth.js';
import type { SessionEvents } from './session-events.js';

/** Key set of the embedded issuer, read in process. */
export class EmbeddedKeys extends KeySource {
  constructor(
    private readonly auth: BetterAuth,
    private readonly events: SessionEvents,
  ) {
    super();
  }

  override load(): Promise<JSONWebKeySet> {
    return this.auth.api.getJwks();
  }

  override onChange(listener: () => void): void {
    this.events.subscribe({ keysChanged: listener });
  }
}
