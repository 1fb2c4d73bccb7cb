import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/index.js';
import { FeedCalendarService } from './feed-calendar.service.js';
import { ApiReadFeed } from './feeds.openapi.js';

/** Calendars of feeds, for whoever has the secret. */
@ApiTags('Feeds')
@Public()
@Controller('feeds')
export class FeedCalendarController {
  constructor(private readonly service: FeedCalendarService) {}

  @ApiReadFeed()
  @Get(':secret.ics')
  read(
    @Param('secret') secret: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    return this.service.send(secret, request, reply);
  }
}
