export {
  memoryMiddleware,
  type MemoryContextSchema,
  type MemoryMiddlewareOptions,
} from "./memory-middleware.js";
export type { MemoryEvent, MemoryListener } from "./memory-event.js";
export type { MemoryToolName } from "./memory-tools.js";
