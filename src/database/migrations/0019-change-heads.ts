import { Migration } from '@mikro-orm/migrations';
import { asSystem } from './as-system.js';
import { API_ROLE, SAFE_SEARCH_PATH } from '../connection.js';

/** Lets an instance see in one statement which of the logs that it streams have grown. */
export const CHANGE_HEADS = `
  create function public.change_heads(owners text[])
    returns table (owner_id text, seq bigint)
    language sql stable security definer set search_path = ${SAFE_SEARCH_PATH}
    as $$
      select change_counter.owner_id, change_counter.seq from public.change_counter
       where change_counter.owner_id = any (owners)
    $$`;

const SIGNATURE = 'public.change_heads(text[])';

/** How far the change logs of given owners have grown. */
export class Migration0019ChangeHeadsCompatible extends Migration {
  override up(): void {
    asSystem(this, () => {
      this.addSql(CHANGE_HEADS);
      this.addSql(`revoke all on function ${SIGNATURE} from public`);
      this.addSql(`grant execute on function ${SIGNATURE} to ${API_ROLE}`);
    });
  }

  override down(): void {
    asSystem(this, () => {
      this.addSql(`drop function ${SIGNATURE}`);
    });
  }
}
