import { sql } from 'kysely';
import type { DerivedSetting } from '../resource/index.js';

/** Changes of `completedAt`: a completed task keeps its time of completion. */
export const COMPLETION: Record<'true' | 'false' | 'toggle', DerivedSetting> = {
  true: {
    name: 'completed',
    property: 'completedAt',
    value: sql`coalesce(completed_at, now())`,
    changes: sql`completed_at is null`,
  },
  false: {
    name: 'reopened',
    property: 'completedAt',
    value: sql`null::timestamptz`,
    changes: sql`completed_at is not null`,
  },
  toggle: {
    name: 'toggled',
    property: 'completedAt',
    value: sql`case when completed_at is null then now() end`,
    changes: sql`true`,
  },
};
