import type {
  Entity,
  EntityCandidateMatch,
  EntityLink,
  GraphHit,
  MemoryEntityAssociation,
  MemoryLink,
} from "../dto/graph.js";
import type { HealthStatus } from "../dto/health-status.js";
import type { BankOptions, CallOptions } from "./call-options.js";

export interface QueryNeighborsOptions extends BankOptions {
  /** Links between entities to walk at most; 1 means only the given entities' own memories. @defaultValue 2 */
  readonly maxDepth?: number | undefined;
  /** @defaultValue 20 */
  readonly limit?: number | undefined;
}

export interface QueryEntitiesOptions extends BankOptions {
  /** @defaultValue 10 */
  readonly limit?: number | undefined;
}

export interface FindEntityCandidatesOptions extends BankOptions {
  /** Least name similarity, in `[0, 1]`. @defaultValue 0.8 */
  readonly threshold?: number | undefined;
  /** @defaultValue 5 */
  readonly limit?: number | undefined;
}

export interface FindEntityCandidatesScoredOptions extends BankOptions {
  readonly nameEmbedding?: readonly number[] | undefined;
  /** Least name similarity of a candidate that has no embedding match, in `[0, 1]`. @defaultValue 0.3 */
  readonly trigramThreshold?: number | undefined;
  /** @defaultValue 10 */
  readonly limit?: number | undefined;
}

export interface FindMemoryLinksOptions extends BankOptions {
  readonly linkTypes?: readonly string[] | undefined;
  /** @defaultValue 200 */
  readonly limit?: number | undefined;
}

/** Entities, the links between them, and the memories they appear in. */
export interface GraphStore {
  readonly spiVersion: 1;
  readonly name: string;

  /** Upserts by id; ids come back in input order. */
  storeEntities(entities: readonly Entity[], options: BankOptions): Promise<string[]>;
  storeLinks(links: readonly EntityLink[], options: BankOptions): Promise<string[]>;
  storeEntityLink(link: EntityLink, options: BankOptions): Promise<string>;
  linkMemoriesToEntities(
    associations: readonly MemoryEntityAssociation[],
    options: BankOptions,
  ): Promise<void>;
  /** One hit a memory, best first. `text` may be empty; the pipeline fills it from the vector store. */
  queryNeighbors(entityIds: readonly string[], options: QueryNeighborsOptions): Promise<GraphHit[]>;
  /** Case-insensitive match within name or alias. */
  queryEntities(query: string, options: QueryEntitiesOptions): Promise<Entity[]>;
  findEntityCandidates(name: string, options: FindEntityCandidatesOptions): Promise<Entity[]>;
  health(options?: CallOptions): Promise<HealthStatus>;

  findEntityCandidatesScored?(
    name: string,
    options: FindEntityCandidatesScoredOptions,
  ): Promise<EntityCandidateMatch[]>;
  storeMemoryLinks?(links: readonly MemoryLink[], options: BankOptions): Promise<string[]>;
  /** Links that touch any seed at either end. */
  findMemoryLinks?(
    seedIds: readonly string[],
    options: FindMemoryLinksOptions,
  ): Promise<MemoryLink[]>;
  getEntityIdsForMemories?(
    memoryIds: readonly string[],
    options: BankOptions,
  ): Promise<Record<string, string[]>>;
  /**
   * Removes the memories' associations and links, and the entities that no memory mentions any more. Returns the number of
   * associations removed. Without it the graph cannot forget, and the store is refused.
   */
  removeMemories?(memoryIds: readonly string[], options: BankOptions): Promise<number>;
  /** Deletes everything of a bank and returns the number of entities. */
  clearBank?(options: BankOptions): Promise<number>;
  close?(): Promise<void>;
}
