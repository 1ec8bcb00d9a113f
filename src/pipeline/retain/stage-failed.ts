import type { Pipeline } from "../pipeline.js";

/** Says which stage of a retain was left out, and the name of the error; the content is stored all the same. */
export function stageFailed(
  { logger }: Pipeline,
  bankId: string,
  stage: string,
  error: unknown,
): void {
  logger.warn("astrocyte.retain.stage_failed", {
    bank_id: bankId,
    stage,
    error: typeof error === "string" ? error : error instanceof Error ? error.name : typeof error,
  });
}
