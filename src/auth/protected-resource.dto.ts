import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Env } from '../config/index.js';
import { READ_SCOPE, WRITE_SCOPE } from './scopes.js';

const EXAMPLE = 'https://tasks.example.org';

@ApiSchema({
  name: 'ProtectedResource',
  description: 'The issuer of tokens, and how to send them (RFC 9728, section 2).',
})
export class ProtectedResourceDto {
  @ApiProperty({ description: 'The origin of this service.', example: EXAMPLE })
  readonly resource: string;

  @ApiProperty({
    description: 'The issuer whose tokens are accepted: the `iss` of a token, word for word.',
    type: [String],
    minItems: 1,
    maxItems: 1,
    example: [EXAMPLE],
  })
  readonly authorization_servers: string[];

  @ApiProperty({
    description:
      'Scopes that a token with a `scope` needs; one without it has all. Reading over HTTP needs none, the reading tools of MCP need the first.',
    type: [String],
    example: [READ_SCOPE, WRITE_SCOPE],
  })
  readonly scopes_supported: string[];

  @ApiProperty({
    description: 'Tokens are accepted in the `Authorization` header alone.',
    type: [String],
    enum: ['header'],
    example: ['header'],
  })
  readonly bearer_methods_supported: string[];

  @ApiProperty({ example: 'Taskward' })
  readonly resource_name: string;

  @ApiProperty({ format: 'uri', example: `${EXAMPLE}/docs` })
  readonly resource_documentation: string;

  constructor({ origin, issuer }: Pick<Env, 'origin' | 'issuer'>) {
    this.resource = origin;
    this.authorization_servers = [issuer];
    this.scopes_supported = [READ_SCOPE, WRITE_SCOPE];
    this.bearer_methods_supported = ['header'];
    this.resource_name = 'Taskward';
    this.resource_documentation = `${origin}/docs`;
  }
}
