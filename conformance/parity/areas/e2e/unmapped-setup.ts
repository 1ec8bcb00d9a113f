import * as z from "zod";
import { knobsSchema } from "./pipeline-knobs.js";
import type { Setup } from "./scenario.js";

/** Sections of the configuration that switch on what is not built. */
const unbuiltSections = [
  "bm25_idf",
  "cross_encoder_rerank",
  "curated_recall",
  "curated_retain",
  "recall_cache",
  "tiered_retrieval",
  "wiki_compile",
];
const mattersWheneverSaid = ["source_aware_retrieval", "sources"];

const mappedStores = ["document", "graph", "mental_model"];

function unbuiltSection(config: Setup["config"]): string | undefined {
  return Object.entries(config).find(
    ([name, section]) =>
      mattersWheneverSaid.includes(name) ||
      (unbuiltSections.includes(name) &&
        z.looseObject({ enabled: z.literal(true) }).safeParse(section).success),
  )?.[0];
}

/** Why a setup cannot be built here, or undefined. */
export function unmappedSetup({
  backend,
  mip_yaml: mip,
  stores,
  ...setup
}: Setup): string | undefined {
  if (mip !== undefined) return "routing by rules (MIP) is not built yet";
  if (backend !== "pipeline" && backend !== "engine") return `the backend ${backend} is not mapped`;
  const store = stores.find((name) => !mappedStores.includes(name));
  if (store !== undefined) return `what fills a ${store} store is not built yet`;
  const section = unbuiltSection(setup.config);
  if (section !== undefined) return `${section} is not built yet`;
  if (backend === "engine") {
    return setup.engine === undefined ? undefined : "the engine here has no switches";
  }
  const knobs = knobsSchema.safeParse(setup.pipeline ?? {});
  return knobs.success ? undefined : "a stage or knob of the pipeline is not built yet";
}
