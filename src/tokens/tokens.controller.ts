import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { type AuthenticatedUser, CurrentUser, RefusesPersonalTokens } from '../auth/index.js';
import { UuidPipe } from '../http/index.js';
import { NotIdempotent } from '../idempotency/index.js';
import { CreatedTokenDto, CreateTokenDto, TokensDto } from './token.dto.js';
import { ApiCreateToken, ApiListTokens, ApiRevokeToken, ApiTokens } from './tokens.openapi.js';
import { TokensService } from './tokens.service.js';

@ApiTokens()
@RefusesPersonalTokens()
@Controller('api/v1/tokens')
export class TokensController {
  constructor(private readonly service: TokensService) {}

  @ApiCreateToken()
  @NotIdempotent()
  @Post()
  create(
    @CurrentUser() user: AuthenticatedUser,
    @Body() dto: CreateTokenDto,
  ): Promise<CreatedTokenDto> {
    return this.service.create(user, dto);
  }

  @ApiListTokens()
  @Get()
  list(@CurrentUser() user: AuthenticatedUser): Promise<TokensDto> {
    return this.service.list(user);
  }

  @ApiRevokeToken()
  @Delete(':id')
  @HttpCode(204)
  revoke(@CurrentUser() user: AuthenticatedUser, @Param('id', UuidPipe) id: string): Promise<void> {
    return this.service.revoke(user, id);
  }
}
