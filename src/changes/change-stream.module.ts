import { type DynamicModule, Module } from '@nestjs/common';
import type { DatabaseLimits } from '../config/index.js';
import { CommittedWrites } from '../database/index.js';
import { ChangeHeadsRepository } from './change-heads.repository.js';
import { ChangeNotifier } from './change-notifier.js';
import { ChangeStreamController } from './change-stream.controller.js';
import { ChangeStreams } from './change-streams.js';
import { ChangesModule } from './changes.module.js';

/** Streams of the change log, and its notifications between instances. */
@Module({})
export class ChangeStreamModule {
  /**
   * @param auth the module that exports `TokenVerifier`.
   * @param sessionUrl connection string that bypasses poolers, as `taskward_api`.
   */
  static register(auth: DynamicModule, sessionUrl: string, limits: DatabaseLimits): DynamicModule {
    return {
      module: ChangeStreamModule,
      imports: [auth, ChangesModule],
      controllers: [ChangeStreamController],
      providers: [
        {
          provide: ChangeNotifier,
          inject: [CommittedWrites],
          useFactory: (writes: CommittedWrites) => new ChangeNotifier(writes, sessionUrl, limits),
        },
        ChangeHeadsRepository,
        ChangeStreams,
      ],
    };
  }
}
