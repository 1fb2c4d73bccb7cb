import { applyDecorators } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { stringHeader } from '../openapi/index.js';
import { ApiProblems } from '../problems/index.js';
import { CreatedFeedDto, FeedsDto } from './feed.dto.js';

export const ApiFeeds = () => applyDecorators(ApiTags('Feeds'), ApiBearerAuth('bearer'));

export const ApiCreateFeed = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'createFeed',
      summary: 'Make a calendar feed',
      description:
        'Returns an address that calendars subscribe to. It is in this response alone, so an `Idempotency-Key`, which would keep it, is refused. Whoever has the address can read the calendar until the feed, or your account, is deleted.',
    }),
    ApiCreatedResponse({ type: CreatedFeedDto, description: 'The feed.' }),
    ApiProblems('invalid_json', 'invalid_parameter', 'invalid_header'),
    ApiProblems('payload_too_large', 'unsupported_media_type'),
    ApiProblems('validation_failed', 'quota_exceeded'),
  );

export const ApiListFeeds = () =>
  applyDecorators(
    ApiOperation({ operationId: 'listFeeds', summary: 'List your calendar feeds' }),
    ApiOkResponse({ type: FeedsDto, description: 'All of them, the newest first.' }),
    ApiProblems('invalid_parameter', 'insufficient_scope'),
  );

export const ApiDeleteFeed = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'deleteFeed',
      summary: 'Delete a calendar feed',
      description: 'Its address ends at once; calendars keep what they have read.',
    }),
    ApiParam({ name: 'id', format: 'uuid', example: '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c93' }),
    ApiNoContentResponse({ description: 'The feed is deleted.' }),
    ApiProblems('invalid_parameter', 'invalid_id', 'feed_not_found'),
  );

const EXAMPLE = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Taskward//Taskward//EN
BEGIN:VEVENT
UID:019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90
DTSTAMP:20261120T172900Z
SUMMARY:Buy milk
DTSTART;VALUE=DATE:20261224
END:VEVENT
END:VCALENDAR
`;

export const ApiReadFeed = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'readFeed',
      summary: 'Read a calendar feed',
      description:
        'Open tasks, and those completed in the last 30 days, as iCalendar (RFC 5545). A list in the trash is an empty calendar.',
    }),
    ApiParam({
      name: 'secret',
      description: 'The secret of the address that `POST /api/v1/feeds` has returned.',
      schema: { type: 'string', pattern: '^tw_feed_[0-9A-Za-z]{42}$' },
    }),
    ApiHeader({
      name: 'If-None-Match',
      required: false,
      description: 'The `ETag` of an earlier response: 304 if nothing has changed since.',
      schema: { type: 'string' },
    }),
    ApiOkResponse({
      description: 'The calendar.',
      headers: {
        ETag: stringHeader('The state of the calendar, in quotes.', '"mB7q"'),
        'Cache-Control': stringHeader('Calendars may keep it briefly.', 'private, max-age=300'),
        'Referrer-Policy': stringHeader('The address is not passed on.', 'no-referrer'),
      },
      content: { 'text/calendar': { schema: { type: 'string' }, example: EXAMPLE } },
    }),
    ApiResponse({ status: 304, description: 'Nothing has changed.' }),
    ApiProblems('route_not_found', 'rate_limited'),
    ApiProblems('too_many_concurrent_requests', 'database_unavailable'),
  );
