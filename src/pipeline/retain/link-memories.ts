import type { MemoryEntityAssociation, MemoryLink } from "../../dto/graph.js";
import type { ModelUsage } from "../../dto/llm.js";
import type { VectorItem } from "../../dto/vector.js";
import { inGroups } from "../../internal/in-groups.js";
import type { BankOptions } from "../../spi/call-options.js";
import type { GraphStore } from "../../spi/graph-store.js";
import { findVectors } from "../list-all-vectors.js";
import { addUsage, noUsage } from "../llm/ask-model.js";
import type { Pipeline } from "../pipeline.js";
import { semanticLinks } from "../recall/expansion/semantic-links.js";
import { coOccurrenceLinks } from "./entities/co-occurrence-links.js";
import { findEntities, type FoundEntities } from "./entities/find-entities.js";
import { settleEntities } from "./entities/settle-entities.js";
import { extractCausalPairs } from "./extraction/causal-pairs.js";
import { chunkMemoryId } from "./memory-ids.js";
import type { PreparedContent } from "./prepare-content.js";
import { stageFailed } from "./stage-failed.js";

const contentsAtOnce = 8;

/** A content with those of its memories that are in the store. */
export interface StoredContent {
  readonly content: PreparedContent;
  readonly items: readonly VectorItem[];
}

export interface Linked {
  readonly usage: ModelUsage;
  /** False when the graph store failed, so that a repetition should link again. */
  readonly isWhole: boolean;
}

/** What is to be linked, before anything is written. */
export interface Findings extends FoundEntities {
  readonly stored: StoredContent;
  /** The effect first. */
  readonly causes: readonly MemoryLink[];
}

function causeLink(effectId: string, causeId: string, confidence: number, evidence = "") {
  return {
    sourceMemoryId: effectId,
    targetMemoryId: causeId,
    linkType: "caused_by",
    evidence,
    confidence,
    weight: 1,
  };
}

/** What one memory of a content brought about in another; asked of a model where no facts say it. */
async function findCauses(
  pipeline: Pipeline,
  { content, items }: StoredContent,
  hasEntities: boolean,
  { bankId, signal }: BankOptions,
): Promise<{ causes: MemoryLink[]; usage: ModelUsage }> {
  const { llm, options, retainSettings } = pipeline;
  const { facts, firstId } = content;
  if (facts !== undefined) {
    const ids = new Set(items.map(({ id }) => id));
    const causes = facts.causes
      .map(({ effect, cause, confidence }) =>
        causeLink(chunkMemoryId(firstId, effect), chunkMemoryId(firstId, cause), confidence),
      )
      .filter((link) => ids.has(link.sourceMemoryId) && ids.has(link.targetMemoryId));
    return { causes, usage: noUsage };
  }
  const limits = retainSettings.causalLinks;
  const isLeftOut = options.preset === "reference" && !hasEntities;
  if (limits === undefined || llm === undefined || isLeftOut) return { causes: [], usage: noUsage };
  const texts = items.map(({ text }) => text);
  const asked = await extractCausalPairs(llm, texts, { ...limits, signal });
  if (asked.failure !== undefined) stageFailed(pipeline, bankId, "causal_links", asked.failure);
  const causes = asked.value.flatMap(({ effect, cause, confidence, evidence }) => {
    const [effectId, causeId] = [items[effect]?.id, items[cause]?.id];
    return effectId === undefined || causeId === undefined
      ? []
      : [causeLink(effectId, causeId, confidence, evidence)];
  });
  return { causes, usage: asked.usage };
}

async function find(
  pipeline: Pipeline,
  stored: StoredContent,
  bank: BankOptions,
): Promise<Findings> {
  const { entities, usage } = await findEntities(pipeline, stored.content, bank);
  const found = await findCauses(pipeline, stored, entities.length > 0, bank);
  return { stored, entities, causes: found.causes, usage: addUsage(usage, found.usage) };
}

/** Which memory mentions which entity: as the facts say, else all of a content mention all of its entities. */
function associationsOf(
  { stored: { content, items }, entities }: Findings,
  canonicalIds: ReadonlyMap<string, string>,
): MemoryEntityAssociation[] {
  const ids = items.map(({ id }) => id);
  const pairs =
    content.facts === undefined
      ? ids.flatMap((memoryId) => entities.map(({ id }) => ({ memoryId, entityId: id })))
      : content.facts.associations
          .map(({ memory, entityId }) => ({
            memoryId: chunkMemoryId(content.firstId, memory),
            entityId,
          }))
          .filter(({ memoryId }) => ids.includes(memoryId));
  const settled = pairs.map(({ memoryId, entityId }) => ({
    memoryId,
    entityId: canonicalIds.get(entityId) ?? entityId,
  }));
  return [...new Map(settled.map((pair) => [JSON.stringify(pair), pair])).values()];
}

async function storeEntities(
  pipeline: Pipeline,
  graphStore: GraphStore,
  findings: Findings,
  bank: BankOptions,
): Promise<ModelUsage> {
  if (findings.entities.length === 0) return noUsage;
  const { occurredAt } = findings.stored.content.request;
  const settled = await settleEntities(pipeline, graphStore, findings.entities, occurredAt, bank);
  const { entities, canonicalIds, aliasLinks, usage } = settled;
  await graphStore.storeEntities(entities, bank);
  await graphStore.linkMemoriesToEntities(associationsOf(findings, canonicalIds), bank);
  const { coOccurrence } = pipeline.retainSettings;
  const ids = findings.entities.map(({ id }) => canonicalIds.get(id) ?? id);
  const links = [
    ...(coOccurrence === undefined ? [] : coOccurrenceLinks(ids, coOccurrence.maxEntities)),
    ...aliasLinks,
  ];
  if (links.length > 0) await graphStore.storeLinks(links, bank);
  return usage;
}

/** Links to the memories that are most like the new ones. */
async function similarMemories(
  { vectorStore, retainSettings }: Pipeline,
  stored: readonly StoredContent[],
  bank: BankOptions,
): Promise<MemoryLink[]> {
  const { semanticLinks: limits } = retainSettings;
  if (limits === undefined || vectorStore.capabilities.scoreMeaning !== "similarity") return [];
  const added = stored.flatMap(({ items }) => items).filter(({ vector }) => vector.length > 0);
  return semanticLinks(vectorStore, added, { ...bank, ...limits });
}

/** Takes out again what was forgotten while it was linked. */
async function dropForgotten(
  { vectorStore }: Pipeline,
  graphStore: GraphStore,
  stored: readonly StoredContent[],
  bank: BankOptions,
): Promise<void> {
  const ids = stored.flatMap(({ items }) => items.map(({ id }) => id));
  const kept = await findVectors(vectorStore, ids, bank);
  const forgotten = ids.filter((id) => !kept.has(id));
  if (forgotten.length > 0) await graphStore.removeMemories?.(forgotten, bank);
}

/** Runs a step that writes to the graph; false when it failed, which is reported and fails nothing. */
async function attempt(
  pipeline: Pipeline,
  { bankId, signal }: BankOptions,
  stage: string,
  step: () => Promise<void>,
): Promise<boolean> {
  try {
    await step();
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    stageFailed(pipeline, bankId, stage, error);
    return false;
  }
}

/** What models find in contents that are to be linked; nothing without a graph store. */
export async function findLinks(
  pipeline: Pipeline,
  contents: readonly StoredContent[],
  bank: BankOptions,
): Promise<Findings[]> {
  if (pipeline.graphStore === undefined) return [];
  return inGroups(contents, contentsAtOnce, (one) => find(pipeline, one, bank));
}

/**
 * Puts stored memories into the graph, content by content: the entities that they mention, which of these go together, which
 * memory brought about which, and which are alike.
 *
 * @returns By the contents' first ids. Empty without a graph store.
 */
export async function writeLinks(
  pipeline: Pipeline,
  findings: readonly Findings[],
  bank: BankOptions,
): Promise<Map<string, Linked>> {
  const { graphStore } = pipeline;
  const linked = new Map<string, Linked>();
  if (graphStore === undefined) return linked;
  const contents = findings.map(({ stored }) => stored);
  const similar: MemoryLink[] = [];
  const foundSimilar = await attempt(pipeline, bank, "semantic_links", async () => {
    similar.push(...(await similarMemories(pipeline, contents, bank)));
    if (similar.length > 0) await graphStore.storeMemoryLinks?.(similar, bank);
  });
  let hasWritten = similar.length > 0;
  for (const one of findings) {
    let { usage } = one;
    const isStored = await attempt(pipeline, bank, "graph", async () => {
      hasWritten ||= one.entities.length + one.causes.length > 0;
      usage = addUsage(usage, await storeEntities(pipeline, graphStore, one, bank));
      if (one.causes.length > 0) await graphStore.storeMemoryLinks?.(one.causes, bank);
    });
    linked.set(one.stored.content.firstId, { usage, isWhole: isStored && foundSimilar });
  }
  if (hasWritten) {
    await attempt(pipeline, bank, "graph", () =>
      dropForgotten(pipeline, graphStore, contents, bank),
    );
  }
  return linked;
}

/** Finds and writes the links of memories that are stored already. */
export async function linkMemories(
  pipeline: Pipeline,
  stored: readonly StoredContent[],
  bank: BankOptions,
): Promise<Map<string, Linked>> {
  return writeLinks(pipeline, await findLinks(pipeline, stored, bank), bank);
}
