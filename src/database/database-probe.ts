import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** Checks that the database responds, on a connection of the API's pool. */
@Injectable()
export class DatabaseProbe {
  constructor(private readonly em: EntityManager) {}

  async ping(): Promise<void> {
    await this.em.getConnection().execute('select 1');
  }
}
