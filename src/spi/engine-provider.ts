import type { EngineCapabilities } from "../dto/engine-capabilities.js";
import type { ForgetRequest, ForgetResult } from "../dto/forget.js";
import type { HealthStatus } from "../dto/health-status.js";
import type { RecallRequest, RecallResult } from "../dto/recall.js";
import type { ReflectRequest, ReflectResult } from "../dto/reflect.js";
import type { RetainRequest, RetainResult } from "../dto/retain.js";
import type { BankOptions, CallOptions } from "./call-options.js";

/**
 * A memory engine that does the whole work itself; the built-in pipeline then stands aside.
 *
 * The query `*` lists everything of the bank with score 1. Hits carry `memoryId`, `bankId` and `_created_at`.
 */
export interface EngineProvider {
  readonly spiVersion: 1;
  readonly name: string;
  /** Read once, when the engine is set. */
  readonly capabilities: EngineCapabilities;

  retain(request: RetainRequest, options?: CallOptions): Promise<RetainResult>;
  recall(request: RecallRequest, options?: CallOptions): Promise<RecallResult>;
  health(options?: CallOptions): Promise<HealthStatus>;
  /** Called only when `supportsReflect`. */
  reflect?(request: ReflectRequest, options?: CallOptions): Promise<ReflectResult>;
  /** Called only when `supportsForget`. Several selectors combine with AND; none deletes nothing. */
  forget?(request: ForgetRequest, options?: CallOptions): Promise<ForgetResult>;
  /** Hides memories from recall and returns how many. */
  softDelete?(memoryIds: readonly string[], options: BankOptions): Promise<number>;
  close?(): Promise<void>;
}
