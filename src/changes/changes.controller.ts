import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type AuthenticatedUser, CurrentUser } from '../auth/index.js';
import { ChangePageDto } from './change.dto.js';
import { ApiListChanges } from './changes.openapi.js';
import { ChangesService } from './changes.service.js';
import { ListChangesQuery } from './list-changes.query.js';

@ApiTags('Changes')
@ApiBearerAuth('bearer')
@Controller('api/v1/changes')
export class ChangesController {
  constructor(private readonly service: ChangesService) {}

  @ApiListChanges()
  @Get()
  list(
    @CurrentUser() user: AuthenticatedUser,
    @Query() query: ListChangesQuery,
  ): Promise<ChangePageDto> {
    return this.service.list(user, query);
  }
}
