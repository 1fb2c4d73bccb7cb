import { applyDecorators } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { stringHeader } from '../openapi/index.js';
import { ApiProblems } from '../problems/index.js';
import { ProtectedResourceDto } from './protected-resource.dto.js';

export const ApiProtectedResource = () =>
  applyDecorators(
    ApiOperation({
      operationId: 'getProtectedResource',
      summary: 'Get the issuer of tokens',
      description: 'Metadata of RFC 9728, for pages of any origin.',
    }),
    ApiOkResponse({
      type: ProtectedResourceDto,
      description: 'The metadata.',
      headers: {
        'Cache-Control': stringHeader('It changes with a restart alone.', 'public, max-age=3600'),
        'Access-Control-Allow-Origin': stringHeader('Every origin.', '*'),
      },
    }),
    ApiProblems('rate_limited'),
  );
