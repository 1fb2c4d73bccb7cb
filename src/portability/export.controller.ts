import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type AuthenticatedUser, CurrentUser } from '../auth/index.js';
import { Produces } from '../http/index.js';
import { ExportQuery } from './export.query.js';
import { ExportService } from './export.service.js';
import { ApiExport } from './portability.openapi.js';

@ApiTags('Export and import')
@ApiBearerAuth('bearer')
@Controller('api/v1/export')
export class ExportController {
  constructor(private readonly service: ExportService) {}

  @ApiExport()
  @Produces(['text/csv', 'text/calendar'])
  @Get()
  export(
    @CurrentUser() user: AuthenticatedUser,
    @Query() query: ExportQuery,
  ): Promise<StreamableFile> {
    return this.service.export(user, query);
  }
}
