import type { MemoryHit } from "../../dto/recall.js";
import type { Pipeline } from "../pipeline.js";
import { authorityContext } from "../recall/authority/authority-context.js";

/** Names along which memories were found, a path a line. */
function entityPaths(hits: readonly MemoryHit[]): string | undefined {
  const paths = hits.flatMap(({ metadata }) => {
    const path = metadata?.["_entity_path"];
    return typeof path === "string" ? [`- ${path}`] : [];
  });
  return paths.length === 0 ? undefined : ["Entity paths:", ...new Set(paths)].join("\n");
}

/** What orders the evidence for the model: entity paths, and whose word counts how much where that is configured. */
export function authorityBlock(
  { recallSettings, reflectSettings }: Pipeline,
  hits: readonly MemoryHit[],
): string | undefined {
  const { authority } = recallSettings;
  const tiers =
    authority === undefined || !reflectSettings.showsAuthority
      ? undefined
      : authorityContext(hits, authority);
  const blocks = [entityPaths(hits), tiers].filter((block) => block !== undefined);
  return blocks.length === 0 ? undefined : blocks.join("\n\n");
}
