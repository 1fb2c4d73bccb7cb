import { Controller, Get, Headers, Query, Req, Res } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type AuthenticatedUser, CurrentUser } from '../auth/index.js';
import { Produces } from '../http/index.js';
import { ApiStreamChanges } from './change-stream.openapi.js';
import { ChangeStreams } from './change-streams.js';
import { StreamChangesQuery } from './stream-changes.query.js';

@ApiTags('Changes')
@ApiBearerAuth('bearer')
@Controller('api/v1/changes/stream')
export class ChangeStreamController {
  constructor(private readonly streams: ChangeStreams) {}

  @ApiStreamChanges()
  @Produces(['text/event-stream'])
  @Get()
  stream(
    @CurrentUser() user: AuthenticatedUser,
    @Query() { since }: StreamChangesQuery,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.streams.open(user, { lastEventId, since }, request, reply);
  }
}
