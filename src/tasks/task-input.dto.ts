import { ApiSchema } from '@nestjs/swagger';
import type { PriorityName } from './priority.js';
import { Completed, Description, Due, Priority, Tags, Title } from './task.fields.js';

/** The body of a create: `null` stands for the default of every optional field. */
@ApiSchema({ name: 'CreateTask', description: 'A new task.' })
export class CreateTaskDto {
  @Title('required')
  title!: string;

  @Description('clearable')
  description?: string | null;

  @Completed('clearable', false)
  completed?: boolean | null;

  @Priority('clearable')
  priority?: PriorityName | null;

  @Due('clearable')
  due?: string | null;

  @Tags('clearable')
  tags?: string[] | null;
}

/** The body of a PUT: every field that can be written, so that none is wiped by being forgotten. */
@ApiSchema({ name: 'ReplaceTask', description: 'All writable fields of a task.' })
export class ReplaceTaskDto {
  @Title('required')
  title!: string;

  @Description('nullable')
  description!: string | null;

  @Completed('required', false)
  completed!: boolean;

  @Priority('required')
  priority!: PriorityName;

  @Due('nullable')
  due!: string | null;

  @Tags('required')
  tags!: string[];
}

/** A JSON merge patch (RFC 7396): what is absent is kept, what is null goes back to its default. */
@ApiSchema({ name: 'UpdateTask', description: 'A JSON merge patch of a task (RFC 7396).' })
export class UpdateTaskDto {
  @Title('optional')
  title?: string;

  @Description('clearable')
  description?: string | null;

  @Completed('clearable', true)
  completed?: boolean | null;

  @Priority('clearable')
  priority?: PriorityName | null;

  @Due('clearable')
  due?: string | null;

  @Tags('clearable')
  tags?: string[] | null;
}

/** Sets `completed`; without a body it toggles. */
@ApiSchema({ name: 'CompleteTask', description: 'The completion of a task.' })
export class CompleteTaskDto {
  static readonly bodyIsOptional = true;

  @Completed('required', true)
  completed!: boolean;
}
