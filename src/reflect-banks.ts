import type { AuthorityOptions } from "./pipeline/recall/authority/authority-options.js";
import { authorityContext } from "./pipeline/recall/authority/authority-context.js";
import type { RecallBank } from "./pipeline/recall/banks/ask-banks.js";
import type { MultiBankStrategyInput } from "./pipeline/recall/banks/multi-bank-strategy.js";
import { recallBanks } from "./pipeline/recall/banks/recall-banks.js";
import { addUsage, noUsage } from "./pipeline/llm/ask-model.js";
import { sourcesOf, synthesise } from "./pipeline/reflect/synthesise.js";
import type { ReflectRequest, ReflectResult } from "./dto/reflect.js";
import { CapabilityNotSupportedError } from "./errors.js";
import type { CallOptions } from "./spi/call-options.js";
import type { LLMProvider } from "./spi/llm-provider.js";

const evidenceSize = 20;
const nothingFound = "No relevant memories found across banks.";

export interface ReflectBanksParts {
  readonly recallBank: RecallBank;
  readonly strategy: MultiBankStrategyInput | undefined;
  readonly onBankFailure: (bankId: string, error: unknown) => void;
  /** How the evidence is ordered for the model, where that is configured. */
  readonly authority: AuthorityOptions | undefined;
  /** The model of a pipeline. */
  readonly llm: LLMProvider | undefined;
  /** An engine without a pipeline answers with the texts that it found. */
  readonly joinsTexts: boolean;
}

/**
 * Answers from the memories of several banks, with one model call: without the plan, the checks and the tools of one bank.
 *
 * @throws CapabilityNotSupportedError when there is no model.
 * @remarks Contract 05 section 7, multi-bank reflect.
 */
export async function reflectBanks(
  request: ReflectRequest,
  banks: readonly string[],
  { recallBank, strategy, onBankFailure, authority, llm, joinsTexts }: ReflectBanksParts,
  { signal }: CallOptions,
): Promise<ReflectResult> {
  if (!joinsTexts && llm === undefined) {
    throw new CapabilityNotSupportedError("pipeline", "reflect", "it needs a model");
  }
  const { hits, usage: found = noUsage } = await recallBanks(banks, recallBank, {
    strategy,
    maxResults: evidenceSize,
    signal,
    onBankFailure,
  });
  const context = authority === undefined ? undefined : authorityContext(hits, authority);
  if (joinsTexts || llm === undefined) {
    const answer = hits.length === 0 ? nothingFound : hits.map(({ text }) => text).join("\n");
    return { answer, ...sourcesOf(request, hits) };
  }
  const { usage: answered = noUsage, ...result } = await synthesise(
    llm,
    request,
    hits,
    { signal },
    { dispositions: request.dispositions, authority: context },
  );
  const usage = addUsage(found, answered);
  return {
    ...result,
    ...(context === undefined ? {} : { authorityContext: context }),
    ...(usage.calls === 0 ? {} : { usage }),
  };
}
