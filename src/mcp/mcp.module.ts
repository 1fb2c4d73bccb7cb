import { Module } from '@nestjs/common';
import { ChangesModule } from '../changes/index.js';
import { IdempotencyModule } from '../idempotency/index.js';
import { ListsModule } from '../lists/index.js';
import { ApiDocument } from '../openapi/index.js';
import { TasksModule } from '../tasks/index.js';
import { McpController } from './mcp.controller.js';
import { McpService } from './mcp.service.js';
import { TaskResources } from './task-resources.js';
import { ToolCalls } from './tool-calls.js';

/** The tools of the Model Context Protocol, which call the services of the other modules. */
@Module({
  imports: [ChangesModule, IdempotencyModule, ListsModule, TasksModule],
  controllers: [McpController],
  providers: [ApiDocument, McpService, TaskResources, ToolCalls],
})
export class McpModule {}
