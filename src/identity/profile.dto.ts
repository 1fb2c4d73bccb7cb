import { IsOptional } from 'class-validator';
import { hasMaxLength, isNotBlank, rule, Trimmed } from '../validation/index.js';
import { parseUrl } from '../config/index.js';

const MAX_NAME_CHARACTERS = 255;
const MAX_IMAGE_CHARACTERS = 2_048;

const isHttpsUrl = (value: unknown) =>
  typeof value === 'string' && parseUrl(value)?.protocol === 'https:';

/** Account members that users choose, at sign-up and later. */
export class ProfileDto {
  @Trimmed()
  @IsOptional()
  @rule('type', (value) => typeof value === 'string', 'must be a string')
  @rule('too_short', isNotBlank, 'must not be blank')
  @rule(
    'too_long',
    hasMaxLength(MAX_NAME_CHARACTERS),
    `must be at most ${String(MAX_NAME_CHARACTERS)} characters`,
  )
  name?: string;

  @IsOptional()
  @rule('https_url', isHttpsUrl, 'must be null or an https URL')
  @rule(
    'too_long',
    hasMaxLength(MAX_IMAGE_CHARACTERS),
    `must be at most ${String(MAX_IMAGE_CHARACTERS)} characters`,
  )
  image?: string | null;
}
