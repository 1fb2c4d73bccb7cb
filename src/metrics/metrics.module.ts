import { Module } from '@nestjs/common';
import { MetricsServer } from './metrics-server.js';

/** Metrics on a port of their own. */
@Module({ providers: [MetricsServer] })
export class MetricsModule {}
