import { MikroOrmModule } from '@mikro-orm/nestjs';
import { Module } from '@nestjs/common';
import { FeedCalendarController } from './feed-calendar.controller.js';
import { FeedCalendarService } from './feed-calendar.service.js';
import { FeedLookupRepository } from './feed-lookup.repository.js';
import { Feed } from './feed.entity.js';
import { FeedsController } from './feeds.controller.js';
import { FeedsService } from './feeds.service.js';

/** Calendar feeds, which their owners make, list and delete, and which calendars read by a secret. */
@Module({
  imports: [MikroOrmModule.forFeature([Feed])],
  controllers: [FeedsController, FeedCalendarController],
  providers: [FeedsService, FeedCalendarService, FeedLookupRepository],
})
export class FeedsModule {}
