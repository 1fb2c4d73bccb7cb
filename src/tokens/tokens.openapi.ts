import { applyDecorators } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiTags,
} from '@nestjs/swagger';
import { ApiProblems } from '../problems/index.js';
import { CreatedTokenDto, TokensDto } from './token.dto.js';

export const ApiTokens = () => applyDecorators(ApiTags('Tokens'), ApiBearerAuth('bearer'));

export const ApiCreateToken = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'createToken',
      summary: 'Make a personal token',
      description:
        'For scripts and tools. The token is in this response alone, so an `Idempotency-Key`, which would keep it, is refused. It opens nothing below `/api/v1/tokens`, `/api/v1/feeds` and `/api/auth`. A change of your password does not end it; the deletion of your account does.',
    }),
    ApiCreatedResponse({ type: CreatedTokenDto, description: 'The token.' }),
    ApiProblems('invalid_json', 'invalid_parameter', 'invalid_header'),
    ApiProblems('payload_too_large', 'unsupported_media_type'),
    ApiProblems('validation_failed', 'quota_exceeded'),
  );

export const ApiListTokens = () =>
  applyDecorators(
    ApiOperation({ operationId: 'listTokens', summary: 'List your personal tokens' }),
    ApiOkResponse({ type: TokensDto, description: 'All of them, the newest first.' }),
    ApiProblems('invalid_parameter', 'insufficient_scope'),
  );

export const ApiRevokeToken = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'revokeToken',
      summary: 'Revoke a personal token',
      description: 'Within a second, every instance refuses it.',
    }),
    ApiParam({ name: 'id', format: 'uuid', example: '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c92' }),
    ApiNoContentResponse({ description: 'The token is revoked.' }),
    ApiProblems('invalid_parameter', 'invalid_id', 'token_not_found'),
  );
