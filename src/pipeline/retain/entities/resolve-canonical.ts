import type { Entity, EntityCandidateMatch } from "../../../dto/graph.js";
import type { BankOptions } from "../../../spi/call-options.js";
import { findCandidates } from "./find-candidates.js";
import type { ResolutionContext } from "./resolve-aliases.js";
import { resolutionOptions, type ResolutionOptions } from "./resolution-options.js";
import { compositeScore, resolutionScore } from "./resolution-score.js";

export interface CanonicalEntities {
  /** What to store: new entities, and stored ones with one mention more for each new name that they took in. */
  readonly entities: readonly Entity[];
  /** From the id of a new entity to the stored one that it is. */
  readonly canonicalIds: ReadonlyMap<string, string>;
}

function bestMatch(
  matches: readonly EntityCandidateMatch[],
  nearbyNames: readonly string[],
  { eventDate }: ResolutionContext,
  settings: ResolutionOptions,
): Entity | undefined {
  const scored = matches.map((match) => {
    const composite = compositeScore(match, nearbyNames, eventDate, settings);
    return { entity: match.entity, ...resolutionScore(match, composite, settings) };
  });
  const [best] = scored
    .filter(({ tier }) => tier !== undefined)
    .toSorted((a, b) => b.score - a.score);
  return best?.entity;
}

/** The stored entity with one mention more, and the new name among its aliases. */
function withMention(stored: Entity, name: string): Entity {
  const known = [stored.name, ...(stored.aliases ?? [])].map((alias) => alias.toLowerCase());
  const aliases = known.includes(name.toLowerCase())
    ? {}
    : { aliases: [...(stored.aliases ?? []), name] };
  return { ...stored, ...aliases, mentionCount: stored.mentionCount + 1 };
}

/**
 * Puts stored entities in the place of new ones that are the same, by score alone: no model is asked. Ask before the new
 * entities are stored.
 *
 * @throws ConfigError for options out of their ranges.
 */
export async function resolveCanonical(
  entities: readonly Entity[],
  context: Omit<ResolutionContext, "llm">,
  bank: BankOptions,
): Promise<CanonicalEntities> {
  const settings = resolutionOptions(context.options);
  const stored = new Map<string, Entity>();
  const canonicalIds = new Map<string, string>();
  for (const entity of entities) {
    const nearbyNames = entities.filter(({ id }) => id !== entity.id).map(({ name }) => name);
    const matches = await findCandidates(context.graphStore, entity, settings, bank);
    const found = bestMatch(matches, nearbyNames, context, settings);
    if (found === undefined) {
      stored.set(entity.id, entity);
    } else {
      canonicalIds.set(entity.id, found.id);
      stored.set(found.id, withMention(stored.get(found.id) ?? found, entity.name));
    }
  }
  return { entities: [...stored.values()], canonicalIds };
}
