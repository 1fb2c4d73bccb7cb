import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance, FastifyRequest, onSendHookHandler } from 'fastify';
import { closeBodies } from './common/closed-bodies.js';
import { declarePublic } from './common/openapi.js';
import { leaveOptionalEmpty } from './common/optional-parameters.js';
import { addSharedAnswers } from './common/shared-answers.js';
import { protectPage } from './common/page-headers.js';
import { VERSION } from './common/version.js';
import { describeAccounts } from './identity/index.js';

const DESCRIPTION = `Tasks that answer to their owner alone.

**Try it here:** sign up with *Sign up* below (or sign in), and every other request sent from this
page carries a token. Elsewhere, send \`Authorization: Bearer <token>\` with a token from
\`GET /api/auth/token\`.

Every error is a problem (RFC 9457) with a stable \`code\`.`;

/** Parts of the settings that the description names. */
interface DescribedSettings {
  readonly AUTH_MODE: string;
  /** The origin that users see. */
  readonly origin: string;
}

/** Returns the description of the API, made from the decorators of its controllers. */
export function createDocument(
  app: NestFastifyApplication,
  { AUTH_MODE, origin }: DescribedSettings,
): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Taskward')
    .setDescription(DESCRIPTION)
    .setVersion(VERSION)
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer(origin)
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }, 'bearer')
    .addTag('Accounts', 'Sign-up, sign-in and tokens: Better Auth.')
    .addTag('Tasks', 'Your tasks. Nobody else can see them.')
    .addTag('Health', 'For load balancers.')
    .build();
  const described = leaveOptionalEmpty(SwaggerModule.createDocument(app, config));
  const document = declarePublic(addSharedAnswers(closeBodies(described)));
  return AUTH_MODE === 'embedded' ? describeAccounts(document, origin) : document;
}

/**
 * The same description for the page, whose requests go to the origin that it came from: its policy
 * allows no other, and a machine has more names than `PUBLIC_URL`.
 */
const describeForPage = (request: unknown, _reply: unknown, document: OpenAPIObject) =>
  (request as FastifyRequest).url.startsWith('/docs')
    ? { ...document, servers: [{ url: '/' }] }
    : document;

/* Runs in the browser: Swagger UI is handed its source. */
interface UiRequest {
  url: string;
  headers: Record<string, string>;
}

async function sendToken(request: UiRequest): Promise<UiRequest> {
  const named = Object.keys(request.headers).some((name) => name.toLowerCase() === 'authorization');
  if (named || !request.url.includes('/api/v1/')) return request;
  const answer = await fetch('/api/auth/token');
  if (answer.ok) {
    const { token } = (await answer.json()) as { token: string };
    request.headers['Authorization'] = `Bearer ${token}`;
  }
  return request;
}

const WITHOUT_CHARSET = ['text/html', 'application/javascript'];

/** Adds the charset that Nest leaves out where it sets the `Content-Type`. */
const nameCharset: onSendHookHandler = (_request, reply, _payload, done) => {
  const type = String(reply.getHeader('content-type'));
  if (WITHOUT_CHARSET.includes(type)) reply.type(`${type}; charset=utf-8`);
  done();
};

/** The style sheet within Swagger UI's logo. */
const LOGO_STYLE = '.logo_small_svg__cls-2{fill:#fff}.logo_small_svg__cls-3{fill:#85ea2d}';

/** Serves Swagger UI at `/docs` and the description at `/openapi.json`. */
export function setUpDocs(app: NestFastifyApplication, settings: DescribedSettings): void {
  const fastify: FastifyInstance = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/docs')) return;
    // Before Fastify takes the content of a HEAD away.
    route.onSend = [nameCharset, protectPage([LOGO_STYLE]), route.onSend ?? []].flat();
  });
  SwaggerModule.setup('docs', app, () => createDocument(app, settings), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Taskward API',
    patchDocumentOnRequest: describeForPage,
    swaggerOptions: {
      persistAuthorization: false,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      tagsSorter: undefined,
      ...(settings.AUTH_MODE === 'embedded' && { requestInterceptor: sendToken }),
    },
  });
}
