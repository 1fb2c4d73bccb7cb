import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { ExpiresAt, SCOPES, Scopes, TokenName } from './token.fields.js';

const INSTANT = { format: 'date-time', example: '2026-11-20T17:29:00.000Z' } as const;

/** A token as its owner sees it: without the token itself, of which only a hash is stored. */
@ApiSchema({ name: 'PersonalToken', description: 'A personal token, without the token itself.' })
export class TokenDto {
  @ApiProperty({ format: 'uuid', example: '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c92' })
  id!: string;

  @ApiProperty({ example: 'backup script', minLength: 1, maxLength: 100 })
  name!: string;

  @ApiProperty({ type: 'string', isArray: true, enum: SCOPES, example: ['tasks:read'] })
  scopes!: (typeof SCOPES)[number][];

  @ApiProperty(INSTANT)
  createdAt!: string;

  @ApiProperty({
    ...INSTANT,
    type: String,
    nullable: true,
    description: 'When the token ends; null if it does not expire.',
  })
  expiresAt!: string | null;

  @ApiProperty({
    type: String,
    format: 'date',
    nullable: true,
    example: '2026-11-21',
    description: 'The day (UTC) on which the token was last used; null before its first use.',
  })
  lastUsedOn!: string | null;
}

/** All tokens of a user: few enough for one page. */
@ApiSchema({ name: 'PersonalTokens', description: 'All your personal tokens, the newest first.' })
export class TokensDto {
  @ApiProperty({ type: [TokenDto] })
  data!: TokenDto[];
}

/** The response to a create, the only one that has the token. */
@ApiSchema({
  name: 'CreatedPersonalToken',
  description: 'A new personal token. The token itself is shown this once.',
})
export class CreatedTokenDto extends TokenDto {
  @ApiProperty({
    pattern: '^tw_pat_[0-9A-Za-z]{42}$',
    example: 'tw_pat_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0TyBiU',
    description: 'Send it as `Authorization: Bearer <token>`.',
  })
  token!: string;
}

/** The body of a create. */
@ApiSchema({ name: 'CreatePersonalToken', description: 'A new personal token.' })
export class CreateTokenDto {
  @TokenName('required')
  name!: string;

  @Scopes('required')
  scopes!: (typeof SCOPES)[number][];

  @ExpiresAt('clearable')
  expiresAt?: string | null;
}
