import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems } from '../problems/index.js';
import { MeDto } from './me.dto.js';

export const ApiMe = () =>
  applyDecorators(
    ApiBearerAuth('bearer'),
    ApiOperation({
      operationId: 'getMe',
      summary: 'Get the user of the token',
      description:
        'Taken from the token alone: `email` and `name` are present if the issuer includes them.',
    }),
    ApiOkResponse({ type: MeDto, description: 'The user of the token.' }),
    ApiProblems('invalid_parameter'),
  );
