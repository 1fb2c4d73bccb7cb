import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { rule } from '../validation/index.js';

interface FormatParameter {
  readonly names: readonly string[];
  readonly default: string;
  readonly description: string;
}

/** Query parameter that names the format of a file. */
export const FormatName = ({ names, default: usual, description }: FormatParameter) =>
  applyDecorators(
    ApiProperty({ required: false, enum: names, default: usual, description }),
    rule(
      'one_of',
      (value) => names.some((name) => name === value),
      `must be one of ${names.join(', ')}, given once`,
    ),
  );
