import type { ConformanceTarget } from "../target.js";

/** LangChain's `EmbeddingsInterface`, of any copy of its core. */
export interface LangChainEmbeddingsLike {
  embedDocuments(texts: string[]): Promise<number[][]>;
  embedQuery(text: string): Promise<number[]>;
  close?(): Promise<void>;
}

export interface LangChainEmbeddingsTarget extends ConformanceTarget<LangChainEmbeddingsLike> {
  /**
   * Whether a text has the same vector as a query and as a document.
   *
   * @defaultValue true
   */
  readonly isSymmetric?: boolean | undefined;
}

export function whenAsymmetric({ isSymmetric }: LangChainEmbeddingsTarget): string | false {
  return isSymmetric === false && "isSymmetric is false";
}
