import type {
  BankOptions,
  Entity,
  EntityLink,
  GraphStore,
  MemoryEntityAssociation,
  MemoryLink,
} from "astrocyte";
import type { IdLabels } from "./id-labels.js";

interface Written {
  readonly entities: Map<string, Entity>;
  readonly associations: MemoryEntityAssociation[];
  readonly links: EntityLink[];
  readonly memoryLinks: MemoryLink[];
}

/** What was written to a graph store, in the order of writing. */
export class RecordedGraph {
  readonly #banks = new Map<string, Written>();
  /** Generated ids by the recording's names of them. */
  readonly #labels = new Map<string, string>();

  /** The store, with its writes noted. */
  watch(store: Required<GraphStore>): Required<GraphStore> {
    return {
      ...store,
      storeEntities: (entities, options) => {
        for (const entity of entities) this.#note(entity, options);
        return store.storeEntities(entities, options);
      },
      linkMemoriesToEntities: (associations, options) => {
        this.#bank(options).associations.push(...associations);
        return store.linkMemoriesToEntities(associations, options);
      },
      storeLinks: (links, options) => {
        this.#bank(options).links.push(...links);
        return store.storeLinks(links, options);
      },
      storeMemoryLinks: (links, options) => {
        this.#bank(options).memoryLinks.push(...links);
        return store.storeMemoryLinks(links, options);
      },
    };
  }

  /** In the form of the recording. */
  list(bankId: string, memories: IdLabels): unknown {
    const { entities, associations, links, memoryLinks } = this.#bank({ bankId });
    const label = (id: string): string => this.#labels.get(id) ?? id;
    return {
      associations: associations.map(({ memoryId, entityId }) => [
        memories.labelOf(memoryId),
        label(entityId),
      ]),
      entities: [...entities.values()].map(({ id, name, entityType, aliases }) => ({
        id: label(id),
        name,
        entity_type: entityType,
        aliases,
      })),
      links: links.map(({ entityA, entityB, linkType }) => [
        label(entityA),
        label(entityB),
        linkType,
      ]),
      memory_links: memoryLinks.map((link) => [
        memories.labelOf(link.sourceMemoryId),
        memories.labelOf(link.targetMemoryId),
        link.linkType,
        Math.round(link.weight * 1e9) / 1e9,
        link.confidence,
      ]),
    };
  }

  #note(entity: Entity, options: BankOptions): void {
    this.#bank(options).entities.set(entity.id, entity);
    // An id that is made of the name is no generated one.
    if (!entity.id.includes(":") && !this.#labels.has(entity.id)) {
      this.#labels.set(entity.id, `e${this.#labels.size + 1}`);
    }
  }

  #bank({ bankId }: BankOptions): Written {
    const known = this.#banks.get(bankId) ?? {
      entities: new Map(),
      associations: [],
      links: [],
      memoryLinks: [],
    };
    this.#banks.set(bankId, known);
    return known;
  }
}
