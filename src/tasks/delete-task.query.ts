import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';
import { rule } from '../validation/index.js';

/** The query of a delete. */
export class DeleteTaskQuery {
  @ApiProperty({
    required: false,
    type: Boolean,
    default: false,
    description: '`true` deletes the task permanently, also from the trash.',
  })
  @Transform(({ value }: { value: unknown }) =>
    value === 'true' ? true : value === 'false' ? false : value,
  )
  @IsOptional()
  @rule('type', (value) => typeof value === 'boolean', 'must be true or false, given once')
  permanent?: boolean;
}
