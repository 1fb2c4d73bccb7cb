import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AcceptGuard } from './accept.guard.js';
import { NoQueryGuard } from './no-query.guard.js';

/** Content negotiation, and queries where there are none, for every route of the API. */
@Module({
  providers: [
    { provide: APP_GUARD, useClass: AcceptGuard },
    { provide: APP_GUARD, useClass: NoQueryGuard },
  ],
})
export class HttpModule {}
