import { ApiProperty } from '@nestjs/swagger';
import {
  Cursor,
  DEFAULT_LIMIT,
  field,
  Flag,
  IsText,
  Limit,
  type Presence,
  UNICODE,
} from '../../../src/resource/index.js';
import {
  hasMaxLength,
  isNotBlank,
  isStorable,
  rule,
  Trimmed,
} from '../../../src/validation/index.js';

const Title = (presence: Presence) =>
  field(
    presence,
    { type: String, minLength: 1, maxLength: 100 },
    Trimmed(),
    IsText(),
    rule('unicode', isStorable, UNICODE),
    rule('too_short', isNotBlank, 'must not be blank'),
    rule('too_long', hasMaxLength(100), 'must be at most 100 characters'),
  );

const Text = (presence: Presence) =>
  field(
    presence,
    { type: String, maxLength: 1_000 },
    IsText(),
    rule('unicode', isStorable, UNICODE),
    rule('too_long', hasMaxLength(1_000), 'must be at most 1000 characters'),
  );

export class CreateNoteDto {
  @Title('required')
  title!: string;

  @Text('clearable')
  text?: string | null;
}

export class ReplaceNoteDto {
  @Title('required')
  title!: string;

  @Text('nullable')
  text!: string | null;
}

export class UpdateNoteDto {
  @Title('optional')
  title?: string;

  @Text('clearable')
  text?: string | null;
}

export class NoteDto {
  @ApiProperty({ format: 'uuid' })
  id!: string;

  @ApiProperty()
  title!: string;

  @ApiProperty({ type: String, nullable: true })
  text!: string | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;

  @ApiProperty({ type: 'integer', minimum: 1 })
  version!: number;
}

export class NotePageDto {
  @ApiProperty({ type: [NoteDto] })
  data!: NoteDto[];

  @ApiProperty({ type: String, nullable: true })
  nextCursor!: string | null;
}

export class ListNotesQuery {
  @Limit('Maximum number of notes on a page.')
  limit: number = DEFAULT_LIMIT;

  @Cursor()
  cursor?: string;

  @Flag({ description: 'Lists the trash instead.' })
  trashed?: boolean;
}

export class DeleteNoteQuery {
  @Flag({ description: 'Deletes the note permanently.' })
  permanent?: boolean;
}
