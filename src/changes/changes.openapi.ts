import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems } from '../problems/index.js';
import { ChangePageDto } from './change.dto.js';

export const ApiListChanges = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'listChanges',
      summary: 'List what has changed since a token',
      description:
        'Several changes of one task or list come once, as it is now, in the order of the latest. Nothing is missed, and nothing is out of order, whatever is written at the same time.',
    }),
    ApiOkResponse({ type: ChangePageDto, description: 'A page of changes.' }),
    ApiProblems('invalid_parameter'),
    ApiProblems('change_token_expired'),
  );
