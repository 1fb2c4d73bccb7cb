export { McpModule } from './mcp.module.js';
export { ToolCalls } from './tool-calls.js';
