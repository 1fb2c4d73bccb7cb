import { ApiProperty, ApiSchema } from '@nestjs/swagger';

@ApiSchema({ name: 'ImportCounts', description: 'The numbers of what an import made.' })
export class ImportCountsDto {
  @ApiProperty({ type: 'integer', minimum: 0, example: 2 })
  lists!: number;

  @ApiProperty({ type: 'integer', minimum: 0, example: 40 })
  tasks!: number;
}

@ApiSchema({
  name: 'SkippedLine',
  description: 'Something that a file has and Taskward has not, and that was left out.',
})
export class SkippedLineDto {
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    example: 7,
    description: 'Line of the file; in JSON, the number of the task or list.',
  })
  line!: number;

  @ApiProperty({ example: 'unknown', description: 'Stable; new codes may be added.' })
  code!: string;

  @ApiProperty({ example: 'section is not known' })
  detail!: string;
}

/** The result of an import. */
@ApiSchema({
  name: 'ImportResult',
  description: 'The result of an import: numbers of what it made, and the lines that it left out.',
})
export class ImportResultDto {
  @ApiProperty({ type: ImportCountsDto })
  made!: ImportCountsDto;

  @ApiProperty({ type: [SkippedLineDto] })
  skipped!: SkippedLineDto[];
}
