import { isBankId } from "../../../dto/bank-id.js";
import type { JsonObject } from "../../../dto/llm.js";
import type { MemoryHit } from "../../../dto/recall.js";
import type { ReflectRequest } from "../../../dto/reflect.js";
import { observationBankId } from "../../../dto/reserved.js";
import type { Pipeline } from "../../pipeline.js";
import { recall, type RecallCallOptions } from "../../recall/recall.js";
import { evidenceRequest } from "../evidence-request.js";
import { sourcesOfHits } from "../expand-sources.js";
import type { ReflectLog } from "../reflect-log.js";
import { parametersOf, reason, sizeArgument, textArgument, type Tool } from "./tool.js";

const query: JsonObject = { type: "string", description: "What to look for." };
const usualSources = 5;
const usualObservations = 5;

export interface SearchContext {
  readonly pipeline: Pipeline;
  readonly request: ReflectRequest;
  readonly log: ReflectLog;
  readonly options: RecallCallOptions;
}

function searchIn(bankId: string, usual: number, context: SearchContext): Tool["run"] {
  const { pipeline, request, log, options } = context;
  return async (args) => {
    const asked = evidenceRequest(request, {
      bankId,
      query: textArgument(args, "query"),
      maxResults: sizeArgument(args, "max_results", usual),
    });
    const found = await recall(pipeline, asked, options);
    log.addUsage(found.usage);
    return found.hits;
  };
}

/** Searches the memories of the bank. */
export function recallTool(context: SearchContext, usualSize: number): Tool {
  return {
    definition: {
      name: "recall",
      description: "Searches the memories for other words than those of the question.",
      parameters: parametersOf(
        {
          query,
          max_results: { type: "integer", minimum: 1, maximum: 20, default: usualSize },
          reason,
        },
        ["max_results"],
      ),
    },
    run: searchIn(context.request.bankId, usualSize, context),
  };
}

/** Searches what was derived from the bank; undefined when there is nothing. */
export async function observationsTool(context: SearchContext): Promise<Tool | undefined> {
  const { pipeline, request, options } = context;
  const bankId = observationBankId(request.bankId);
  if (!isBankId(bankId)) return undefined;
  const { signal } = options;
  const page = await pipeline.vectorStore.listVectors({ bankId, offset: 0, limit: 1, signal });
  if (page.length === 0) return undefined;
  return {
    definition: {
      name: "search_observations",
      description: "Searches what was observed over several memories.",
      parameters: parametersOf(
        {
          query,
          max_results: { type: "integer", minimum: 1, maximum: 20, default: usualObservations },
          reason,
        },
        ["max_results"],
      ),
    },
    run: searchIn(bankId, usualObservations, context),
  };
}

/** Gives the memories that one of the initial hits was derived from; undefined when none was derived. */
export function expandTool(context: SearchContext, initial: readonly MemoryHit[]): Tool {
  const { pipeline, request, options } = context;
  return {
    definition: {
      name: "expand",
      description:
        "Gives the memories behind an entry of the evidence that came with the question.",
      parameters: parametersOf(
        {
          memory_id: { type: "string", description: "The id of the entry." },
          max_sources: { type: "integer", minimum: 1, maximum: 20, default: usualSources },
          reason,
        },
        ["max_sources"],
      ),
    },
    run: async (args) => {
      const id = textArgument(args, "memory_id");
      const derived = initial.filter(({ memoryId }) => memoryId === id);
      const size = sizeArgument(args, "max_sources", usualSources);
      return sourcesOfHits(pipeline, request, derived, new Set(), size, options);
    },
  };
}
