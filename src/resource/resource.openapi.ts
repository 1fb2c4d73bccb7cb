import { applyDecorators, type Type } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  type ApiResponseMetadata,
  ApiTags,
} from '@nestjs/swagger';
import { stringHeader } from '../openapi/index.js';
import { ApiProblems, type ProblemCode } from '../problems/index.js';
import { ENTITY_TAGS_PATTERN } from './etag.js';
import { HistoryDto, RevertDto } from './history.dto.js';

type BodyOptions = Parameters<typeof ApiBody>[0];
type Headers = NonNullable<ApiResponseMetadata['headers']>;

/** A resource, as the API's description names it. */
interface ResourceDescription {
  /** Singular and plural, such as `Task` and `Tasks`: of operation ids and, in lower case, of texts. */
  readonly noun: string;
  readonly plural: string;
  /** Path of the collection. */
  readonly path: string;
  readonly notFound: ProblemCode;
  /** Classes of one, and of a page. */
  readonly type: Type;
  readonly page: Type;
  /** Headers of a response to a POST, beside those of the resource. */
  readonly replayed: Headers;
}

const ETAG: Headers = { ETag: stringHeader('The version, in quotes.', '"1"') };
const CACHED: Headers = {
  ...ETAG,
  'Cache-Control': stringHeader(
    'Only the caller may cache the response, and must revalidate it with `If-None-Match` before each use.',
    'private, no-cache',
  ),
};

const ENTITY_TAGS = {
  required: false,
  example: '"1"',
  schema: { type: 'string' as const, pattern: ENTITY_TAGS_PATTERN },
};

const ApiIfNoneMatch = (description: string) =>
  ApiHeader({ ...ENTITY_TAGS, name: 'If-None-Match', description });

const ApiIfMatch = (description: string) =>
  ApiHeader({ ...ENTITY_TAGS, name: 'If-Match', description });

/** Decorators that describe the operations of a resource; each belongs to the handler of its name. */
export class ResourceApi {
  readonly #one: { type: Type; headers: Headers };
  readonly #noun: string;

  constructor(private readonly description: ResourceDescription) {
    this.#one = { type: description.type, headers: ETAG };
    this.#noun = description.noun.toLowerCase();
  }

  /** Describes the controller: a token is needed. */
  controller = () => applyDecorators(ApiTags(this.description.plural), ApiBearerAuth('bearer'));

  create = () =>
    applyDecorators(
      ApiOperation({ operationId: this.#id('create'), summary: `Create a ${this.#noun}` }),
      ApiCreatedResponse({
        ...this.#one,
        description: `The ${this.#noun}.`,
        headers: {
          ...ETAG,
          ...this.description.replayed,
          Location: stringHeader(
            `URL of the ${this.#noun}.`,
            `${this.description.path}/019aa1c4-…`,
          ),
        },
      }),
      ApiProblems('invalid_json', 'invalid_parameter', 'invalid_header'),
      ApiProblems('payload_too_large', 'unsupported_media_type'),
      ApiProblems('validation_failed', 'idempotency_key_reused', 'quota_exceeded'),
    );

  list = () =>
    applyDecorators(
      ApiOperation({
        operationId: `list${this.description.plural}`,
        summary: `List your ${this.description.plural.toLowerCase()}`,
      }),
      ApiOkResponse({
        type: this.description.page,
        description: `A page of ${this.description.plural.toLowerCase()}.`,
        headers: {
          Link: stringHeader(
            'The next page, if there is one.',
            `<https://tasks.example.com${this.description.path}?cursor=…>; rel="next"`,
            false,
          ),
        },
      }),
      ApiProblems('invalid_parameter', 'invalid_cursor'),
    );

  get = () =>
    applyDecorators(
      ApiOperation({ operationId: this.#id('get'), summary: `Get a ${this.#noun}` }),
      this.id(),
      ApiIfMatch(
        `The \`ETag\` of the version that you want; 412 if the ${this.#noun} has changed since.`,
      ),
      ApiIfNoneMatch(
        'The `ETag` of the version that you have; 304 if it is current. `*` matches any version.',
      ),
      ApiOkResponse({ ...this.#one, description: `The ${this.#noun}.`, headers: CACHED }),
      ApiResponse({
        status: 304,
        description: 'The version that you have is current.',
        headers: CACHED,
      }),
      this.idProblems(),
      ApiProblems('precondition_failed'),
    );

  replace = (type: Type) =>
    applyDecorators(
      ApiOperation({
        operationId: this.#id('replace'),
        summary: `Replace a ${this.#noun}`,
        description:
          'Every writable field is required, so that none is cleared by omission. The version stays the same if nothing changes.',
      }),
      this.#change(type, true),
      ApiProblems('quota_exceeded'),
    );

  update = (type: Type) =>
    applyDecorators(
      ApiOperation({
        operationId: this.#id('update'),
        summary: `Update a ${this.#noun}`,
        description:
          'A JSON merge patch (RFC 7396): absent fields are kept, null clears a field. The version stays the same if nothing changes.',
      }),
      this.patch(type),
      ApiProblems('quota_exceeded'),
    );

  /** Describes what every PATCH operation has. */
  patch = (type: Type, required = true) =>
    applyDecorators(
      ApiConsumes('application/merge-patch+json', 'application/json'),
      this.#change(type, required),
    );

  delete = () =>
    applyDecorators(
      ApiOperation({
        operationId: this.#id('delete'),
        summary: `Move a ${this.#noun} to the trash, or delete it permanently`,
        description: `With \`permanent=true\` the ${this.#noun} is deleted permanently, also from the trash. Otherwise a ${this.#noun} in the trash is not found.`,
      }),
      this.id(),
      this.#preconditions(),
      ApiNoContentResponse({
        description: `The ${this.#noun} is in the trash, or permanently deleted.`,
      }),
      this.idProblems(),
    );

  restore = () => this.act('restore', { summary: `Restore a ${this.#noun} from the trash` });

  /** Describes a POST without a body that changes one. */
  act = (verb: string, texts: { summary: string; description?: string }) =>
    applyDecorators(
      ApiOperation({ operationId: this.#id(verb), ...texts }),
      this.id(),
      this.#preconditions(),
      ApiOkResponse({
        ...this.#one,
        description: `The updated ${this.#noun}.`,
        headers: { ...ETAG, ...this.description.replayed },
      }),
      this.idProblems(),
      ApiProblems('payload_too_large', 'idempotency_key_reused', 'quota_exceeded'),
    );

  move = (type: Type) =>
    this.#post('move', {
      summary: `Move a ${this.#noun} among its siblings`,
      description:
        'Moves at once all succeed, and leave one order. A sibling whose position has grown long may be given a shorter one, and with it a new version.',
      // Without it, a form that is made of the schema would name two siblings.
      body: { type, examples: { end: { summary: 'To the end', value: {} } } },
    });

  history = () =>
    applyDecorators(
      ApiOperation({
        operationId: `get${this.description.noun}History`,
        summary: `List the versions of a ${this.#noun}`,
        description: `The newest first. Those that are older than the server keeps are not among them.`,
      }),
      this.id(),
      ApiOkResponse({ type: HistoryDto, description: 'A page of versions.' }),
      this.idProblems('invalid_cursor'),
    );

  revert = () =>
    this.#post('revert', {
      summary: `Bring back the content of an earlier version of a ${this.#noun}`,
      description: 'Makes a new version, unless nothing changes. The place stays as it is.',
      body: { type: RevertDto },
    });

  id = () =>
    ApiParam({ name: 'id', format: 'uuid', example: '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90' });

  #id(verb: string): string {
    return `${verb}${this.description.noun}`;
  }

  /** Describes a POST with a body that changes one. */
  #post(verb: string, texts: { summary: string; description: string; body: BodyOptions }) {
    const { body, ...operation } = texts;
    return applyDecorators(
      ApiOperation({ operationId: this.#id(verb), ...operation }),
      this.id(),
      this.#preconditions(),
      ApiBody(body),
      ApiOkResponse({
        ...this.#one,
        description: `The updated ${this.#noun}.`,
        headers: { ...ETAG, ...this.description.replayed },
      }),
      this.idProblems('invalid_json'),
      ApiProblems('payload_too_large', 'unsupported_media_type'),
      ApiProblems('validation_failed', 'idempotency_key_reused', 'quota_exceeded'),
    );
  }

  #change(type: Type, required: boolean) {
    return applyDecorators(
      this.id(),
      this.#preconditions(),
      ApiBody({ type, required }),
      ApiOkResponse({ ...this.#one, description: `The updated ${this.#noun}.` }),
      this.idProblems('invalid_json'),
      ApiProblems('payload_too_large', 'unsupported_media_type', 'validation_failed'),
    );
  }

  #preconditions() {
    return applyDecorators(
      ApiIfMatch(`The \`ETag\` that was read; 412 if the ${this.#noun} has changed since.`),
      ApiIfNoneMatch(`412 if the ${this.#noun} has this \`ETag\`, or, for \`*\`, whatever it has.`),
      ApiProblems('precondition_failed', 'precondition_required'),
    );
  }

  /** Problems of one status belong into one decorator. */
  idProblems(...others: ProblemCode[]) {
    return applyDecorators(
      ApiProblems('invalid_id', 'invalid_parameter', 'invalid_header', ...others),
      ApiProblems(this.description.notFound),
    );
  }
}
