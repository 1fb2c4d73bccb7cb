import { Body, Controller, Post, Res, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { type AuthenticatedUser, ChecksScopes, CurrentUser } from '../auth/index.js';
import { NotIdempotent } from '../idempotency/index.js';
import { McpService } from './mcp.service.js';
import { OriginGuard } from './origin.guard.js';

/** Model Context Protocol: streamable HTTP without sessions. Its tools describe themselves. */
@ApiExcludeController()
@ChecksScopes()
@UseGuards(OriginGuard)
@NotIdempotent()
@Controller('mcp')
export class McpController {
  constructor(private readonly service: McpService) {}

  @Post()
  respond(
    @CurrentUser() user: AuthenticatedUser,
    @Body() message: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    return this.service.respond(user, message, reply);
  }
}
