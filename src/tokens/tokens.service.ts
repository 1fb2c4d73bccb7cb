import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { type AuthenticatedUser, challenge } from '../auth/index.js';
import { parseInstant } from '../common/index.js';
import { createPersonalToken, logAuthEvent, personalTokenDetails } from '../issuer/index.js';
import { countQuotaRefused } from '../metrics/index.js';
import { Problem } from '../problems/index.js';
import { MAX_TOKENS, PersonalTokensRepository } from './personal-tokens.repository.js';
import type { CreatedTokenDto, CreateTokenDto, TokensDto } from './token.dto.js';
import { SCOPES } from './token.fields.js';

/** @throws Problem `insufficient_scope` when the user's own token lacks a scope of the new one. */
function assertHasScopes({ scopes: own }: AuthenticatedUser, scopes: readonly string[]): void {
  const lacking = own && scopes.find((scope) => !own.includes(scope));
  if (lacking === undefined) return;
  throw new Problem('insufficient_scope', `Your own token lacks the scope ${lacking}.`, {
    headers: challenge('insufficient_scope', undefined, lacking),
  });
}

/** Makes, lists and revokes the personal tokens of a user. */
@Injectable()
export class TokensService {
  constructor(private readonly tokens: PersonalTokensRepository) {}

  /** @throws Problem `insufficient_scope` or `quota_exceeded` */
  async create(user: AuthenticatedUser, dto: CreateTokenDto): Promise<CreatedTokenDto> {
    const { name, expiresAt } = dto;
    const scopes = SCOPES.filter((scope) => dto.scopes.includes(scope));
    assertHasScopes(user, scopes);
    const token = createPersonalToken();
    const created = await this.tokens.insert(user.id, {
      id: uuidv7(),
      hash: hash('sha256', token, 'hex'),
      name,
      scopes,
      expiresAt: parseInstant(expiresAt ?? '')?.toISOString() ?? null,
    });
    if (created === null) {
      countQuotaRefused('personal_tokens');
      const detail = `You can have ${String(MAX_TOKENS)} personal tokens: revoke one first.`;
      throw new Problem('quota_exceeded', detail);
    }
    logAuthEvent('token_created', { userId: user.id, ...personalTokenDetails(created) });
    return Object.assign(created, { token });
  }

  async list(user: AuthenticatedUser): Promise<TokensDto> {
    return { data: await this.tokens.list(user.id) };
  }

  /** @throws Problem `token_not_found` */
  async revoke(user: AuthenticatedUser, id: string): Promise<void> {
    const revoked = await this.tokens.remove(user.id, id);
    if (revoked === null) {
      throw new Problem('token_not_found', 'There is no personal token with this id.');
    }
    logAuthEvent('token_revoked', { userId: user.id, ...personalTokenDetails(revoked) });
  }
}
