import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import { type AuthenticatedUser, CurrentUser, RefusesPersonalTokens } from '../auth/index.js';
import { UuidPipe } from '../http/index.js';
import { NotIdempotent } from '../idempotency/index.js';
import { CreatedFeedDto, CreateFeedDto, FeedsDto } from './feed.dto.js';
import { ApiCreateFeed, ApiDeleteFeed, ApiFeeds, ApiListFeeds } from './feeds.openapi.js';
import { FeedsService } from './feeds.service.js';

@ApiFeeds()
@RefusesPersonalTokens()
@Controller('api/v1/feeds')
export class FeedsController {
  constructor(private readonly service: FeedsService) {}

  @ApiCreateFeed()
  @NotIdempotent()
  @Post()
  create(
    @CurrentUser() user: AuthenticatedUser,
    @Body() dto: CreateFeedDto,
  ): Promise<CreatedFeedDto> {
    return this.service.create(user, dto);
  }

  @ApiListFeeds()
  @Get()
  list(@CurrentUser() user: AuthenticatedUser): Promise<FeedsDto> {
    return this.service.list(user);
  }

  @ApiDeleteFeed()
  @Delete(':id')
  @HttpCode(204)
  remove(@CurrentUser() user: AuthenticatedUser, @Param('id', UuidPipe) id: string): Promise<void> {
    return this.service.remove(user, id);
  }
}
