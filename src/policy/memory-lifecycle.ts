import { createdAtKey } from "../dto/reserved.js";
import { timestampMs } from "../dto/timestamp.js";
import type { VectorItem } from "../dto/vector.js";

/** `lifecycle.ttl` of the configuration. */
export interface MemoryTtl {
  readonly archive_after_days: number;
  readonly delete_after_days: number;
  readonly exempt_tags: readonly string[];
  readonly fact_type_overrides: Readonly<Record<string, number | null>>;
}

/** What becomes of a memory because of its age, and why. */
export interface LifecycleDecision {
  readonly action: "keep" | "archive" | "delete";
  readonly reason: "legal_hold" | "exempt" | "recent" | "ttl_expired" | "ttl_unretrieved";
}

const dayMs = 86_400_000;
/** When a memory was last recalled, where something says so. */
const lastRecalledAtKey = "_last_recalled_at";

function wholeDaysSince(value: unknown, now: number): number | undefined {
  if (typeof value !== "string") return undefined;
  const days = Math.floor((now - timestampMs(value)) / dayMs);
  return Number.isNaN(days) ? undefined : days;
}

/**
 * Decides by whole days, in this order: a bank under a legal hold keeps all; an exempt tag keeps; `delete_after_days` since it was
 * stored deletes; the days until archiving, of its fact type if that has any, since it was last recalled or else stored, archive. A
 * memory without a date is kept, and so is one whose fact type has `null`.
 */
export function decideLifecycle(
  {
    tags,
    factType,
    metadata,
    retainedAt,
  }: Pick<VectorItem, "tags" | "factType" | "metadata" | "retainedAt">,
  ttl: MemoryTtl,
  { now, isHeld }: { readonly now: number; readonly isHeld: boolean },
): LifecycleDecision {
  if (isHeld) return { action: "keep", reason: "legal_hold" };
  if (tags?.some((tag) => ttl.exempt_tags.includes(tag)) === true) {
    return { action: "keep", reason: "exempt" };
  }
  const age = wholeDaysSince(metadata?.[createdAtKey] ?? retainedAt, now);
  if (age !== undefined && age >= ttl.delete_after_days) {
    return { action: "delete", reason: "ttl_expired" };
  }
  const overrides = ttl.fact_type_overrides;
  const days =
    factType !== undefined && Object.hasOwn(overrides, factType)
      ? overrides[factType]
      : ttl.archive_after_days;
  const unused = wholeDaysSince(metadata?.[lastRecalledAtKey], now) ?? age;
  return days != null && unused !== undefined && unused >= days
    ? { action: "archive", reason: "ttl_unretrieved" }
    : { action: "keep", reason: "recent" };
}
