import type { DocumentInterface } from "@langchain/core/documents";
import { maximalMarginalRelevance } from "@langchain/core/utils/math";
import { VectorStore } from "@langchain/core/vectorstores";
import { cosineSimilarity } from "astrocyte";
import { HashedEmbeddings } from "astrocyte/testing";

interface Entry {
  readonly id: string;
  readonly vector: number[];
  readonly document: DocumentInterface;
}

type Filter = Record<string, unknown>;

export interface DeleteParameters {
  ids?: string[];
  filter?: Filter;
}

/** A vector store that does all that the suite asks for, in small methods that a test can replace. */
export class ReferenceVectorStore extends VectorStore {
  declare FilterType: Filter;
  entries = new Map<string, Entry>();
  created = 0;

  constructor() {
    super(new HashedEmbeddings(), {});
  }

  override _vectorstoreType(): string {
    return "reference";
  }

  override async addDocuments(
    documents: DocumentInterface[],
    options?: { ids?: string[] },
  ): Promise<string[]> {
    const contents = documents.map(({ pageContent }) => pageContent);
    return this.addVectors(await this.embeddings.embedDocuments(contents), documents, options);
  }

  override async addVectors(
    vectors: number[][],
    documents: DocumentInterface[],
    options?: { ids?: string[] },
  ): Promise<string[]> {
    return documents.map((document, at) => {
      const id = this.idFor(document, options?.ids?.[at]);
      this.keep({ id, vector: this.copy(vectors[at] ?? []), document: this.copy(document) });
      return id;
    });
  }

  idFor(document: DocumentInterface, given: string | undefined): string {
    return given ?? document.id ?? `created-${(this.created += 1)}`;
  }

  keep(entry: Entry): void {
    this.entries.set(entry.id, entry);
  }

  copy<Value>(value: Value): Value {
    return structuredClone(value);
  }

  show({ id, document }: Entry): DocumentInterface {
    return this.copy({ ...document, id });
  }

  matches({ metadata }: DocumentInterface, filter: Filter): boolean {
    return Object.entries(filter).every(([name, value]) => metadata[name] === value);
  }

  score(a: number[], b: number[]): number {
    return cosineSimilarity(a, b);
  }

  nearest(query: number[], k: number, filter: Filter): [Entry, number][] {
    return [...this.entries.values()]
      .filter(({ document }) => this.matches(document, filter))
      .map((entry): [Entry, number] => [entry, this.score(query, entry.vector)])
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, k);
  }

  override async similaritySearchVectorWithScore(
    query: number[],
    k: number,
    filter: Filter = {},
  ): Promise<[DocumentInterface, number][]> {
    return this.nearest(query, k, filter).map(([entry, score]) => [this.show(entry), score]);
  }

  override async maxMarginalRelevanceSearch(
    text: string,
    { k, fetchK = 20, lambda = 0.5 }: { k: number; fetchK?: number; lambda?: number },
  ): Promise<DocumentInterface[]> {
    const query = await this.embeddings.embedQuery(text);
    const candidates = this.nearest(query, fetchK, {}).map(([entry]) => entry);
    const vectors = candidates.map(({ vector }) => vector);
    return maximalMarginalRelevance(query, vectors, lambda, k).flatMap((at) => {
      const entry = candidates[at];
      return entry === undefined ? [] : [this.show(entry)];
    });
  }

  override async delete(parameters: DeleteParameters = {}): Promise<void> {
    const { ids = [], filter } = parameters;
    for (const id of ids) this.entries.delete(id);
    if (filter === undefined) return;
    for (const { id, document } of this.entries.values()) {
      if (this.matches(document, filter)) this.entries.delete(id);
    }
  }
}
