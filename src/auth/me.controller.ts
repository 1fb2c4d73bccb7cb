import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { AuthenticatedUser } from './authenticated-user.js';
import { CurrentUser } from './current-user.decorator.js';
import { MeDto } from './me.dto.js';
import { ApiMe } from './me.openapi.js';

@ApiTags('Accounts')
@Controller('api/v1/me')
export class MeController {
  @ApiMe()
  @Get()
  get(@CurrentUser() user: AuthenticatedUser): MeDto {
    return new MeDto(user);
  }
}
