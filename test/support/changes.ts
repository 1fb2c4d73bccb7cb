/** SQL that changes the title of a user's task as another program might: nothing is notified. */
export const silentChange = (ownerId: string, id: string, title: string) => `
  with counter as (
    update change_counter set seq = seq + 1 where owner_id = '${ownerId}' returning seq
  ), changed as (
    update task set title = '${title}', version = version + 1
     where owner_id = '${ownerId}' and id = '${id}' returning id, version
  )
  insert into change (owner_id, seq, type, id, version)
  select '${ownerId}', seq, 'task.updated', id, version from counter, changed`;
