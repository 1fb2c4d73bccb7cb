import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { AuthenticatedUser } from './authenticated-user.js';

@ApiSchema({ name: 'Me', description: 'The user that the token identifies, by its claims.' })
export class MeDto {
  @ApiProperty({ description: 'The subject of the token.', example: 'kQ0v3mYt8nHsB1xZ' })
  readonly id: string;

  @ApiProperty({ required: false, example: 'ada@example.com' })
  readonly email?: string;

  @ApiProperty({ required: false, example: 'Ada' })
  readonly name?: string;

  @ApiProperty({ description: 'The issuer of the token.', example: 'https://tasks.example.org' })
  readonly issuer: string;

  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    example: '2026-11-20T17:34:00.000Z',
    description: 'Null if the token is a personal one that does not expire.',
  })
  readonly tokenExpiresAt: string | null;

  constructor({ id, email, name, issuer, tokenExpiresAt }: AuthenticatedUser) {
    this.id = id;
    if (email !== undefined) this.email = email;
    if (name !== undefined) this.name = name;
    this.issuer = issuer;
    this.tokenExpiresAt = tokenExpiresAt?.toISOString() ?? null;
  }
}
