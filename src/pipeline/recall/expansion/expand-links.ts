import type { MemoryLink } from "../../../dto/graph.js";
import type { Metadata } from "../../../dto/metadata.js";
import type { VectorItem } from "../../../dto/vector.js";
import type { BankOptions } from "../../../spi/call-options.js";
import type { GraphStore } from "../../../spi/graph-store.js";
import { candidateFromItem, type Candidate } from "../candidate.js";
import { linkScore, type LinkSignals, type LinkWeights } from "./link-score.js";

const mostSeeds = 30;
const mostNeighbours = 300;
const mostLinks = 1000;

export interface LinkExpansionOptions extends BankOptions {
  /** Most memories to add. @defaultValue 30 */
  readonly limit?: number | undefined;
  /** Least score. @defaultValue 0.05 */
  readonly threshold?: number | undefined;
  readonly weights?: LinkWeights | undefined;
  /** A memory must carry all of them, in any case. */
  readonly tags?: readonly string[] | undefined;
}

/** Memories by id; one that is unknown (any more) is absent. */
export type FindMemories = (ids: readonly string[]) => Promise<ReadonlyMap<string, VectorItem>>;

type MutableSignals = { -readonly [Name in keyof LinkSignals]: LinkSignals[Name] };

/** Signals by memory id, of memories that are no seeds. */
class LinkedMemories {
  readonly signals = new Map<string, MutableSignals>();
  readonly #seeds: ReadonlySet<string>;

  constructor(seeds: ReadonlySet<string>) {
    this.#seeds = seeds;
  }

  add(memoryId: string, signal: keyof LinkSignals, amount: number): void {
    if (this.#seeds.has(memoryId)) return;
    const known = this.signals.get(memoryId) ?? {
      sharedEntities: 0,
      semanticWeight: 0,
      causalWeight: 0,
    };
    known[signal] += amount;
    this.signals.set(memoryId, known);
  }

  addLink({ sourceMemoryId, targetMemoryId, linkType, weight }: MemoryLink): void {
    const other = this.#seeds.has(sourceMemoryId) ? targetMemoryId : sourceMemoryId;
    if (linkType === "semantic") this.add(other, "semanticWeight", weight);
    else if (linkType === "caused_by") this.add(other, "causalWeight", weight + 1);
  }
}

async function collectSignals(
  graphStore: GraphStore,
  seeds: ReadonlySet<string>,
  { bankId, signal }: BankOptions,
): Promise<ReadonlyMap<string, LinkSignals>> {
  const linked = new LinkedMemories(seeds);
  const seedIds = [...seeds];
  const entityIds = new Set(
    Object.values(
      (await graphStore.getEntityIdsForMemories?.(seedIds, { bankId, signal })) ?? {},
    ).flat(),
  );
  if (entityIds.size > 0) {
    const options = { bankId, signal, maxDepth: 1, limit: mostNeighbours };
    for (const hit of await graphStore.queryNeighbors([...entityIds], options)) {
      const shared = new Set(hit.connectedEntities.filter((id) => entityIds.has(id)));
      linked.add(hit.memoryId, "sharedEntities", shared.size);
    }
  }
  const linkOptions = { bankId, signal, linkTypes: ["semantic", "caused_by"], limit: mostLinks };
  for (const link of (await graphStore.findMemoryLinks?.(seedIds, linkOptions)) ?? []) {
    linked.addLink(link);
  }
  return linked.signals;
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}

/** Why a memory came in, for traces and for whoever reads its metadata. */
function linkMetadata({ sharedEntities, semanticWeight, causalWeight }: LinkSignals): Metadata {
  const names = [
    ...(causalWeight > 0 ? ["causal"] : []),
    ...(sharedEntities > 0 ? ["entity_overlap"] : []),
    ...(semanticWeight > 0 ? ["semantic"] : []),
  ];
  return {
    _link_signal: names.join(","),
    ...(sharedEntities > 0 ? { _entity_overlap_count: sharedEntities } : {}),
    ...(semanticWeight > 0 ? { _semantic_weight_total: rounded(semanticWeight) } : {}),
    ...(causalWeight > 0 ? { _causal_weight_total: rounded(causalWeight) } : {}),
  };
}

function hasAllTags({ tags = [] }: VectorItem, wanted: readonly string[]): boolean {
  const held = new Set(tags.map((tag) => tag.toLowerCase()));
  return wanted.every((tag) => held.has(tag.toLowerCase()));
}

/**
 * Memories that the graph links to the first 30 seeds, by shared entities and by semantic and causal links, the strongest
 * first, equal ones by id. A signal that the store has no method for counts nothing. Each result's metadata says which signals
 * brought it: `_link_signal`, `_entity_overlap_count`, `_semantic_weight_total`, `_causal_weight_total`.
 *
 * @throws The graph store's error; recall goes on without the expansion.
 * @remarks Contract 05 section 6.4.
 */
export async function expandLinks(
  graphStore: GraphStore,
  findMemories: FindMemories,
  seedIds: readonly string[],
  { bankId, signal, limit = 30, threshold = 0.05, weights, tags = [] }: LinkExpansionOptions,
): Promise<Candidate[]> {
  const seeds = new Set(seedIds.slice(0, mostSeeds));
  if (seeds.size === 0) return [];
  const signals = await collectSignals(graphStore, seeds, { bankId, signal });
  signal?.throwIfAborted();
  const ranked = [...signals]
    .map(([id, found]) => ({ id, found, score: linkScore(found, weights) }))
    .filter(({ score }) => score >= threshold)
    .toSorted((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
    // Some will be gone from the vector store or lack a tag.
    .slice(0, limit * 2);
  const memories = await findMemories(ranked.map(({ id }) => id));
  return ranked
    .flatMap(({ id, found, score }) => {
      const item = memories.get(id);
      if (item === undefined || !hasAllTags(item, tags)) return [];
      const metadata = { ...item.metadata, ...linkMetadata(found) };
      return [{ ...candidateFromItem(item, score), metadata }];
    })
    .slice(0, limit);
}
