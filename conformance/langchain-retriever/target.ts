import type { LangChainDocument } from "../langchain-document.js";
import type { ConformanceTarget } from "../target.js";
import type { LangChainRetrieverLike } from "./retriever-like.js";

export interface LangChainRetrieverTarget extends Omit<
  ConformanceTarget<LangChainRetrieverLike>,
  "create"
> {
  /** A retriever over exactly these documents, which have ids of the form `id-1`. */
  readonly create: (
    documents: readonly LangChainDocument[],
  ) => LangChainRetrieverLike | Promise<LangChainRetrieverLike>;
  /** A retriever whose search fails. Without it the statement on failures is skipped. */
  readonly createFailing?:
    | (() => LangChainRetrieverLike | Promise<LangChainRetrieverLike>)
    | undefined;
  /**
   * Whether the document that is most like the query comes first.
   *
   * @defaultValue true
   */
  readonly ranks?: boolean | undefined;
  /**
   * Whether documents come back with the id that they had.
   *
   * @defaultValue true
   */
  readonly showsIds?: boolean | undefined;
}

/** A target as the suite sees it, which knows its documents. */
export type LoadedRetrieverTarget = ConformanceTarget<LangChainRetrieverLike> &
  Omit<LangChainRetrieverTarget, "create">;

export function withoutRanking({ ranks }: LoadedRetrieverTarget): string | false {
  return ranks === false && "ranks is false";
}
