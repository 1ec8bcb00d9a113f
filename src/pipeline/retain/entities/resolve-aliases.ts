import type { Entity, EntityCandidateMatch, EntityLink } from "../../../dto/graph.js";
import type { Timestamp } from "../../../dto/timestamp.js";
import type { BankOptions } from "../../../spi/call-options.js";
import type { GraphStore } from "../../../spi/graph-store.js";
import type { LLMProvider } from "../../../spi/llm-provider.js";
import { addUsage, noUsage, type ModelOutcome, type ModelUsage } from "../../llm/ask-model.js";
import { confirmAlias } from "./confirm-alias.js";
import { findCandidates } from "./find-candidates.js";
import { resolutionOptions, type ResolutionOptions } from "./resolution-options.js";
import { compositeScore, resolutionScore } from "./resolution-score.js";

export interface ResolutionContext {
  readonly graphStore: GraphStore;
  /** Asked about what the scores leave open; without it such names stay apart. */
  readonly llm?: LLMProvider | undefined;
  /** When what the content tells happened. */
  readonly eventDate?: Timestamp | undefined;
  readonly options?: Partial<ResolutionOptions> | undefined;
}

const autolinkConfidence = 0.95;

function aliasLink(entityA: string, entityB: string, confidence: number, evidence: string) {
  return { entityA, entityB, linkType: "alias_of", evidence, confidence };
}

/** Evidence without the model's help. */
function autolink(
  entity: Entity,
  match: EntityCandidateMatch,
  composite: number,
  settings: ResolutionOptions,
): EntityLink | undefined {
  const { score, tier } = resolutionScore(match, composite, settings);
  if (tier === undefined) return undefined;
  const evidence = `${tier} ${tier === "composite" ? "score" : "similarity"} ${score.toFixed(2)}`;
  return aliasLink(entity.id, match.entity.id, autolinkConfidence, evidence);
}

/**
 * `alias_of` links from new entities to stored ones that are the same: by name, by embedding, by a composite score, and, where
 * these leave it open, by the model's word. Ask before the new entities are stored. A model that fails joins nothing; errors
 * of the graph store reject.
 *
 * @throws ConfigError for options out of their ranges.
 */
export async function resolveAliases(
  entities: readonly Entity[],
  { graphStore, llm, eventDate, options }: ResolutionContext,
  bank: BankOptions,
): Promise<ModelOutcome<readonly EntityLink[]>> {
  const settings = resolutionOptions(options);
  const links: EntityLink[] = [];
  let usage: ModelUsage = noUsage;
  let failure: string | undefined;
  for (const entity of entities) {
    const nearbyNames = entities.filter(({ id }) => id !== entity.id).map(({ name }) => name);
    for (const match of await findCandidates(graphStore, entity, settings, bank)) {
      const composite = compositeScore(match, nearbyNames, eventDate, settings);
      const link = autolink(entity, match, composite, settings);
      if (link !== undefined) links.push(link);
      const best = Math.max(match.nameSimilarity, match.embeddingSimilarity ?? 0);
      const isOpen = link === undefined && best >= settings.skipThreshold && settings.askModel;
      if (!isOpen || llm === undefined) continue;
      const asked = await confirmAlias(llm, { entity, nearbyNames }, match, bank);
      const { sameEntity, confidence, evidence } = asked.value;
      usage = addUsage(usage, asked.usage);
      failure ??= asked.failure;
      if (!sameEntity || confidence < settings.confirmationThreshold) continue;
      links.push(aliasLink(entity.id, match.entity.id, confidence, evidence));
    }
  }
  return { value: links, usage, failure };
}
