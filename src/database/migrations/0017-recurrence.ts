import { Migration } from '@mikro-orm/migrations';

/**
 * The recurrence of a task, its series, and the task that follows it. The columns are null for what there is,
 * so no lock is held for long; the previous version, which does not know them, completes a task without
 * creating the next one.
 */
export class Migration0017RecurrenceCompatible extends Migration {
  override up(): void {
    this.addSql(`
      alter table task
        add recurrence jsonb null,
        add series_id uuid null,
        add next_task_id uuid null`);
  }

  override down(): void {
    this.addSql(`
      alter table task drop column recurrence, drop column series_id, drop column next_task_id`);
  }
}
