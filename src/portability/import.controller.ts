import { Controller, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { type AuthenticatedUser, CurrentUser } from '../auth/index.js';
import { FileBody, type SentFile, TakesFile } from '../http/index.js';
import { Idempotent } from '../idempotency/index.js';
import { Charge } from '../rate-limit/index.js';
import { MAX_FILE_BYTES, pointsOf } from './import-limits.js';
import { ImportResultDto } from './import.dto.js';
import { ImportQuery } from './import.query.js';
import { ImportService } from './import.service.js';
import { ApiImport } from './portability.openapi.js';

@ApiTags('Export and import')
@ApiBearerAuth('bearer')
@Controller('api/v1/import')
export class ImportController {
  constructor(private readonly service: ImportService) {}

  @ApiImport()
  @Idempotent()
  @Post()
  @HttpCode(200)
  @TakesFile(MAX_FILE_BYTES)
  @Charge(pointsOf)
  import(
    @CurrentUser() user: AuthenticatedUser,
    @Query() query: ImportQuery,
    @FileBody() file: SentFile,
  ): Promise<ImportResultDto> {
    return this.service.import(user, query, file);
  }
}
