import type { JSONWebKeySet } from 'jose';
import { KeySource } from '../issuer/index.js';
import type { BetterAuth } from './better-auth.js';
import type { IssuerNews } from './issuer-news.js';

/** The embedded issuer's key set, read in this process. */
export class EmbeddedKeys extends KeySource {
  constructor(
    private readonly auth: BetterAuth,
    private readonly news: IssuerNews,
  ) {
    super();
  }

  override load(): Promise<JSONWebKeySet> {
    return this.auth.api.getJwks();
  }

  override onChange(listener: () => void): void {
    this.news.subscribe({ keysChanged: listener });
  }
}
