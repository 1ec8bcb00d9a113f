import { isRecord } from "./is-record.js";
import type { LangChainInvokable, LangChainModelSettings } from "./langchain-like.js";

const openAITypes: ReadonlySet<string> = new Set(["openai", "azure_openai"]);

/** ChatOpenAI hands each call to one of these, which read their own copy of the settings. */
const delegates: ReadonlySet<string | symbol> = new Set(["completions", "responses"]);

function isOpenAIModel(model: object): boolean {
  return (
    "_llmType" in model &&
    typeof model["_llmType"] === "function" &&
    openAITypes.has(String(model["_llmType"]()))
  );
}

/** OpenAI's models that refuse every temperature but their own. */
function isReasoningModel(name: unknown): boolean {
  return typeof name === "string" && /^(?:o\d|gpt-5(?!-chat))/.test(name);
}

function overlay<Target extends object>(
  target: Target,
  settings: Readonly<Record<string, unknown>>,
): Target {
  return new Proxy(target, {
    get(model, key, receiver) {
      if (typeof key === "string" && Object.hasOwn(settings, key)) return settings[key];
      const value: unknown = Reflect.get(model, key, receiver);
      return delegates.has(key) && isRecord(value) ? overlay(value, settings) : value;
    },
    // State, such as the HTTP client made with the first call, belongs to the model itself.
    set: (model, key, value) => Reflect.set(model, key, value),
  });
}

/**
 * The model with other settings for one call. ChatOpenAI and AzureChatOpenAI read them from their fields, never from
 * call options, so the answer is a view of the same model (client, callbacks, retries) with other fields. Any other
 * model is returned as it is. A temperature is not forced on a reasoning model, which would refuse the call.
 */
export function withSettings<Model extends LangChainInvokable>(
  model: Model,
  settings: LangChainModelSettings,
): Model {
  if (!isOpenAIModel(model)) return model;
  const name = settings.model ?? ("model" in model ? model.model : undefined);
  const { temperature, ...others } = settings;
  const fields = {
    ...others,
    ...(temperature === undefined || isReasoningModel(name) ? {} : { temperature }),
  };
  return Object.keys(fields).length === 0 ? model : overlay(model, fields);
}
