import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** Asks whether the database answers, on a connection of the pool that the API uses. */
@Injectable()
export class DatabaseProbe {
  constructor(private readonly em: EntityManager) {}

  async ping(): Promise<void> {
    await this.em.getConnection().execute('select 1');
  }
}
