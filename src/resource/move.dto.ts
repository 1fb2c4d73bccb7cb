import { ApiSchema } from '@nestjs/swagger';
import { ValidateBy, type ValidationArguments } from 'class-validator';
import { IdField } from './fields.js';

/** Rule of `after`: a place is beside one resource. */
const IsAlone = () =>
  ValidateBy({
    name: 'conflict',
    validator: {
      validate: (_, options?: ValidationArguments) =>
        (options?.object as MoveDto | undefined)?.before === undefined,
      defaultMessage: () => 'must not be sent with before',
    },
  });

/** A place among siblings: before one, after one or, without both, at the end. */
@ApiSchema({
  name: 'MoveList',
  description: 'A place among siblings: before one, after one or, without both, at the end.',
})
export class MoveDto {
  @IdField('optional', 'Id of the sibling that comes next.')
  before?: string;

  @IdField('optional', 'Id of the sibling that comes before.')
  @IsAlone()
  after?: string;
}
