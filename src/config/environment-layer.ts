import { valueAt, type ConfigDocument } from "./document.js";
import { flagOf } from "./flag-word.js";
import { Secret } from "./secret.js";
import type { Environment } from "./substitute-environment.js";

const expansionVariable = "ASTROCYTE_M18_ENABLE_TEMPORAL_EXPANSION";

function needsKey(document: ConfigDocument, kind: string): boolean {
  // An embedding provider that repeats the model's name without settings of its own has the model's.
  const isShared = kind === "embedding_provider" && document["llm_provider"] === "openai";
  if (isShared && document[`${kind}_config`] === undefined) return false;
  const key = valueAt(document, `${kind}_config.api_key`);
  return document[kind] === "openai" && (key === undefined || key === null || key === "");
}

/** What the environment says by names of its own, as a layer over the document. */
export function environmentLayer(
  document: ConfigDocument,
  environment: Environment,
): ConfigDocument {
  const layer: Record<string, unknown> = {};
  const expansion = flagOf(environment[expansionVariable] ?? "");
  if (expansion !== undefined) layer["query_analyzer"] = { enable_temporal_expansion: expansion };
  const { OPENAI_API_KEY: key } = environment;
  if (key === undefined || key === "") return layer;
  for (const kind of ["llm_provider", "embedding_provider"]) {
    if (needsKey(document, kind)) layer[`${kind}_config`] = { api_key: new Secret(key) };
  }
  return layer;
}
