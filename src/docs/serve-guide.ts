import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { ConstantResponse } from '../http/index.js';
import { operationsOf } from '../openapi/index.js';

/** A tool for models, as the guide names it. */
interface DescribedTool {
  readonly name: string;
  readonly title: string;
}

/** Descriptions that the guide is put together from. */
interface GuideSources {
  readonly document: OpenAPIObject;
  readonly tools: readonly DescribedTool[];
  readonly origin: string;
}

const link = (title: string, url: string, about: string) => `- [${title}](${url}): ${about}`;

/** Returns the operations of each tag, in the order of the document. */
function operationsByTag({ document }: GuideSources): string[] {
  const operations = operationsOf(document);
  return (document.tags ?? []).flatMap(({ name, description = '' }) => {
    const lines = operations
      .filter(([, { tags = [] }]) => tags.includes(name))
      .map(
        ([path, { summary = '' }, method]) => `- \`${method.toUpperCase()} ${path}\`: ${summary}`,
      );
    return lines.length > 0 ? [`## ${name}`, description, lines.join('\n')] : [];
  });
}

/** Returns the guide, in the form of https://llmstxt.org. */
function createGuide(sources: GuideSources): string {
  const { document, tools, origin } = sources;
  const { title, description = '' } = document.info;
  const [about = '', ...paragraphs] = description.split('\n\n');
  const parts = [
    `# ${title}`,
    `> ${about}`,
    ...paragraphs,
    '## Descriptions',
    [
      link('OpenAPI document', `${origin}/openapi.json`, 'every operation, parameter and error'),
      link('Swagger UI', `${origin}/docs`, 'the same for people, who can try every request'),
      link(
        'Protected resource metadata',
        `${origin}/.well-known/oauth-protected-resource`,
        'the issuer of tokens (RFC 9728)',
      ),
    ].join('\n'),
    '## Tools',
    `Model Context Protocol, streamable HTTP: \`POST ${origin}/mcp\`, with the same tokens.`,
    tools.map(({ name, title: does }) => `- \`${name}\`: ${does}`).join('\n'),
    ...operationsByTag(sources),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** Serves a guide for programs at `/llms.txt`, created on the first request. */
export function serveGuide(fastify: FastifyInstance, sources: () => GuideSources): void {
  let cached: ConstantResponse | undefined;
  fastify.get('/llms.txt', (request, reply) => {
    cached ??= new ConstantResponse(createGuide(sources()), 'text/plain; charset=utf-8');
    return cached.send(request, reply);
  });
}
