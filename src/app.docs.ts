import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import {
  addCommonResponses,
  ApiDocument,
  closeBodies,
  declarePublic,
  hideOptionalExamples,
} from './openapi/index.js';
import { VERSION } from './common/index.js';
import { type PageSettings, serveDocument, serveGuide, servePage } from './docs/index.js';
import { describeAccounts } from './identity/index.js';
import { ToolCalls } from './mcp/index.js';

const ABOUT = 'Tasks that only their owner can access.';
const ERRORS = 'Every error is a problem (RFC 9457) with a stable `code`.';

/** Settings that the document mentions. */
interface DescribedSettings extends PageSettings {
  /** Origin that users see. */
  readonly origin: string;
}

/** Returns how to get a token. */
function describeToken({ AUTH_MODE, AUTH_ISSUER = '', AUTH_AUDIENCE = '' }: PageSettings): string {
  const send = 'Send `Authorization: Bearer <token>` with a token';
  const source =
    AUTH_MODE === 'embedded'
      ? 'from `GET /api/auth/token`: sign up or sign in first, and keep the cookie.'
      : `of \`${AUTH_ISSUER}\` for the audience \`${AUTH_AUDIENCE}\`.`;
  return `${send} ${source} Scripts send a personal token of \`POST /api/v1/tokens\`.`;
}

/** Creates the OpenAPI document from the controllers' decorators. */
export function createDocument(
  app: NestFastifyApplication,
  settings: DescribedSettings,
): OpenAPIObject {
  const { AUTH_MODE, origin } = settings;
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Taskward')
    .setDescription([ABOUT, describeToken(settings), ERRORS].join('\n\n'))
    .setVersion(VERSION)
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer(origin)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .addTag('Accounts', 'Sign-up, sign-in and tokens: Better Auth.')
    .addTag('Tasks', 'Your tasks. No other user can see them.')
    .addTag('Lists', 'Your lists of tasks. No other user can see them.')
    .addTag('Changes', 'Changes of your tasks and lists, as pages and as a stream.')
    .addTag('Export and import', 'Your tasks and lists as files.')
    .addTag('Tokens', 'Your personal tokens, for scripts and tools.')
    .addTag('Feeds', 'Your tasks, for calendars that subscribe to an address.')
    .addTag('Health', 'For load balancers.')
    .build();
  const described = hideOptionalExamples(SwaggerModule.createDocument(app, config));
  const document = declarePublic(addCommonResponses(closeBodies(described)));
  return AUTH_MODE === 'embedded' ? describeAccounts(document, origin) : document;
}

/** Serves Swagger UI at `/docs`, the document at `/openapi.json` and a guide at `/llms.txt`. */
export function setUpDocs(app: NestFastifyApplication, settings: DescribedSettings): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  const create = () => createDocument(app, settings);
  app.get(ApiDocument).setCreator(create);
  serveDocument(fastify, create);
  serveGuide(fastify, () => ({
    document: create(),
    tools: app.get(ToolCalls).list(),
    origin: settings.origin,
  }));
  servePage(fastify, settings);
}
