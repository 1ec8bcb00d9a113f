import type { RetainResult } from "../../dto/retain.js";
import { ConfigError, IdempotencyConflictError } from "../../errors.js";
import type { BankOptions } from "../../spi/call-options.js";
import type { Pipeline } from "../pipeline.js";
import { findRetained } from "./find-retained.js";
import type { StoredContent } from "./link-memories.js";
import { memoryIdsOf, type PreparedContent } from "./prepare-content.js";
import { blankResult, retainResult } from "./retain-results.js";

export interface Selected {
  /** What is to be stored. */
  readonly fresh: readonly PreparedContent[];
  /** What an earlier call stored. */
  readonly retained: readonly StoredContent[];
}

/** Sorts out what is blank, repeated in this call, or stored by an earlier one; `results` gets their answers. */
export async function selectNew(
  pipeline: Pipeline,
  contents: readonly PreparedContent[],
  results: RetainResult[],
  options: BankOptions,
): Promise<Selected> {
  options.signal?.throwIfAborted();
  const keyed = contents.filter(({ isKeyed, chunks }) => isKeyed && chunks.length > 0);
  const known = await findRetained(pipeline, keyed, options);
  const fresh = new Map<string, PreparedContent>();
  const retained = new Map<string, StoredContent>();
  for (const [index, content] of contents.entries()) {
    const { firstId, isKeyed } = content;
    if (content.chunks.length === 0) {
      results[index] = blankResult;
      continue;
    }
    const twin = fresh.get(firstId);
    if (twin !== undefined && !isKeyed) {
      throw new ConfigError(`createId gave the id "${firstId}" twice; ids must not repeat`);
    }
    if (twin !== undefined && twin.content !== content.content) {
      throw new IdempotencyConflictError(options.bankId, firstId);
    }
    const items = known.get(firstId);
    if (items !== undefined) {
      const ids = items.map(({ id }) => id);
      results[index] = retainResult(ids, false);
      retained.set(firstId, { content, items });
    } else {
      results[index] = retainResult(memoryIdsOf(content), twin === undefined);
      if (twin === undefined) fresh.set(firstId, content);
    }
  }
  return { fresh: [...fresh.values()], retained: [...retained.values()] };
}
