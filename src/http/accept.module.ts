import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AcceptGuard } from './accept.guard.js';

/** Content negotiation, for every route of the API. */
@Module({ providers: [{ provide: APP_GUARD, useClass: AcceptGuard }] })
export class AcceptModule {}
