import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { CalendarKind } from '../icalendar/index.js';
import { FeedKind, FeedListId, KINDS } from './feed.fields.js';

/** A feed as its owner sees it: without its address, of whose secret only a hash is stored. */
@ApiSchema({ name: 'Feed', description: 'A calendar feed, without its address.' })
export class FeedDto {
  @ApiProperty({ format: 'uuid', example: '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c93' })
  id!: string;

  @ApiProperty({
    type: String,
    format: 'uuid',
    nullable: true,
    example: null,
    description: 'Id of the list that it shows; null for all tasks.',
  })
  listId!: string | null;

  @ApiProperty({ type: String, enum: KINDS, example: 'events' })
  as!: CalendarKind;

  @ApiProperty({ format: 'date-time', example: '2026-11-20T17:29:00.000Z' })
  createdAt!: string;
}

@ApiSchema({ name: 'Feeds', description: 'All your calendar feeds, the newest first.' })
export class FeedsDto {
  @ApiProperty({ type: [FeedDto] })
  data!: FeedDto[];
}

/** The response to a create, the only one that has the address. */
@ApiSchema({
  name: 'CreatedFeed',
  description: 'A new calendar feed. Its address is shown this once.',
})
export class CreatedFeedDto extends FeedDto {
  @ApiProperty({
    format: 'uri',
    pattern: '/feeds/tw_feed_[0-9A-Za-z]{42}\\.ics$',
    example: 'http://localhost:3000/feeds/tw_feed_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0TyBiU.ics',
    description: 'The address to subscribe to. Whoever has it can read the calendar.',
  })
  url!: string;
}

/** The body of a create. */
@ApiSchema({ name: 'CreateFeed', description: 'A new calendar feed.' })
export class CreateFeedDto {
  @FeedListId('clearable')
  listId?: string | null;

  @FeedKind('required')
  as!: CalendarKind;
}
