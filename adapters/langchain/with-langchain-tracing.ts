import type { RunnableConfig } from "@langchain/core/runnables";
import type { Astrocyte, MemoryHit, ModelUsage } from "astrocyte";
import { toLangChainDocument } from "./to-langchain-document.js";
import { traceOperation } from "./trace-operation.js";

/** The operations that show as runs. */
export type TracedOperations = Pick<
  Astrocyte,
  "retain" | "retainMany" | "recall" | "history" | "reflect" | "forget"
>;

/** Token counts under the names that LangSmith adds up. */
function tokensOf(usage: ModelUsage | undefined): Record<string, unknown> {
  if (usage === undefined) return {};
  const { inputTokens: input_tokens, outputTokens: output_tokens } = usage;
  return {
    usage_metadata: { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens },
  };
}

/** The inputs of a run: all but the caller, the signal and what was not given. */
function inputsOf(options: {
  readonly context?: unknown;
  readonly signal?: unknown;
}): Record<string, unknown> {
  const { context: _context, signal: _signal, ...inputs } = options;
  return inputs;
}

function documentsOf({ hits }: { readonly hits: readonly MemoryHit[] }) {
  return hits.map(toLangChainDocument);
}

/** The operations of a brain, each as a run under the given config, or under the ambient run without one. */
export function tracedOperations(brain: Astrocyte, config?: RunnableConfig): TracedOperations {
  return {
    retain: (content, options) =>
      traceOperation(
        config,
        {
          kind: "chain",
          name: "astrocyte.retain",
          inputs: { content, ...inputsOf(options) },
          outputs: (result) => ({ ...result, ...tokensOf(result.usage) }),
        },
        () => brain.retain(content, options),
      ),
    retainMany: (items, options) =>
      traceOperation(
        config,
        {
          kind: "chain",
          name: "astrocyte.retain",
          inputs: { items, ...inputsOf(options) },
          outputs: (results) => ({ results }),
        },
        () => brain.retainMany(items, options),
      ),
    recall: (query, options) =>
      traceOperation(
        config,
        { kind: "retriever", name: "astrocyte.recall", query, documents: documentsOf },
        () => brain.recall(query, options),
      ),
    history: (query, options) =>
      traceOperation(
        config,
        { kind: "retriever", name: "astrocyte.history", query, documents: documentsOf },
        () => brain.history(query, options),
      ),
    reflect: (query, options) =>
      traceOperation(
        config,
        {
          kind: "chain",
          name: "astrocyte.reflect",
          inputs: { query, ...inputsOf(options) },
          outputs: (result) => ({ ...result, ...tokensOf(result.usage) }),
        },
        () => brain.reflect(query, options),
      ),
    forget: (options) =>
      traceOperation(
        config,
        {
          kind: "chain",
          name: "astrocyte.forget",
          inputs: inputsOf(options),
          outputs: (result) => ({ ...result }),
        },
        () => brain.forget(options),
      ),
  };
}

/**
 * The same brain, whose retain, recall, reflect and forget show as runs of LangChain (LangSmith, `streamEvents`, any callback
 * handler): recall as a retriever run, the others as chain runs with their tokens as `usage_metadata`. Models of LangChain that
 * they call show beneath. Without callbacks nothing happens.
 *
 * The run above is that of `config`, else the ambient one, which LangChain keeps in LangGraph nodes, in `RunnableLambda`s and
 * in tools once `@langchain/langgraph`, `langchain` or `@langchain/core/context` is imported. Contents are traced as the caller
 * gave them, before personal data is redacted.
 */
export function withLangChainTracing(brain: Astrocyte, config?: RunnableConfig): Astrocyte {
  const traced = tracedOperations(brain, config);
  return new Proxy(brain, {
    get(target, key) {
      if (Object.hasOwn(traced, key)) return Reflect.get(traced, key);
      // Private fields are the brain's own, so that methods need it as `this`.
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
