import { Injectable, type PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { Problem } from '../problems/index.js';

/** Returns whether a value is a UUID of any version, in any case. */
export const isUuid = (value: unknown) => isUUID(value, 'all') || isUUID(value, 'loose');

/**
 * Validates a path parameter as a UUID of any version, and returns it in the spelling that we
 * store.
 */
@Injectable()
export class UuidPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (isUuid(value)) return value.toLowerCase();
    throw new Problem('invalid_id', 'The id in the path is not a UUID.', {
      errors: [{ parameter: 'id', code: 'uuid', detail: 'id must be a UUID' }],
    });
  }
}
