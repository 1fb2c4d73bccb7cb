import { applyDecorators } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { ApiProblems } from '../problems/index.js';
import { MeDto } from './me.dto.js';

export const ApiMe = () =>
  applyDecorators(
    ApiBearerAuth('bearer'),
    ApiOperation({
      operationId: 'getMe',
      summary: 'Whom does my token speak for?',
      description:
        'From the token alone: `email` and `name` are there when the issuer puts them into it.',
    }),
    ApiOkResponse({ type: MeDto, description: 'You.' }),
    ApiProblems('invalid_parameter'),
  );
