import { Inject, Injectable } from '@nestjs/common';
import { Purge } from '../common/purge.js';
import { ENV, type Env } from '../config/env.js';
import { TrashRepository } from './trash.repository.js';

/** Empties the trash of what has been in it for `TRASH_RETENTION_DAYS`. */
@Injectable()
export class TrashPurge extends Purge {
  constructor(
    private readonly trash: TrashRepository,
    @Inject(ENV) private readonly env: Env,
  ) {
    super('deleted tasks');
  }

  protected override removeSome(most: number): Promise<number> {
    return this.trash.purge(this.env.TRASH_RETENTION_DAYS, most);
  }
}
