import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ENV, type Env } from '../config/index.js';
import { AddRouteConfig } from '../http/index.js';
import { METADATA_PATH } from './challenge.js';
import { ProtectedResourceDto } from './protected-resource.dto.js';
import { ApiProtectedResource } from './protected-resource.openapi.js';
import { Public } from './public.decorator.js';

/** Metadata by which clients find the issuer of their tokens (RFC 9728). */
@ApiTags('Accounts')
@Public()
@Controller(METADATA_PATH)
export class ProtectedResourceController {
  readonly #metadata: ProtectedResourceDto;

  constructor(@Inject(ENV) env: Env) {
    this.#metadata = new ProtectedResourceDto(env);
  }

  @ApiProtectedResource()
  @Header('Cache-Control', 'public, max-age=3600')
  // Without credentials, which `*` would make a browser reject.
  @AddRouteConfig({ cors: { origin: '*', credentials: false } })
  @Header('Access-Control-Allow-Origin', '*')
  @Get()
  get(): ProtectedResourceDto {
    return this.#metadata;
  }
}
