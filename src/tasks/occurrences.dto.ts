import { ApiProperty, ApiSchema } from '@nestjs/swagger';

/** The dates of a series. */
@ApiSchema({ name: 'Occurrences', description: 'Dates of a series, the first one first.' })
export class OccurrencesDto {
  @ApiProperty({
    type: [String],
    example: ['2027-03-08', '2027-03-15'],
    description: 'Each is written like `due`: a day, or an instant in UTC.',
  })
  data!: string[];
}
