import { FakeRetriever } from "@langchain/core/utils/testing";
import {
  langChainRetrieverConformance,
  type LangChainDocument,
  type LangChainRetrieverTarget,
} from "astrocyte/conformance";
import { describe, expect, it } from "vitest";
import { failedIds } from "../failed-ids.js";
import { ReferenceRetriever } from "./reference-retriever.js";

type Change = (retriever: ReferenceRetriever) => Partial<ReferenceRetriever>;

function broken(change: Change) {
  return (documents: readonly LangChainDocument[]): ReferenceRetriever => {
    const retriever = new ReferenceRetriever(documents);
    return Object.assign(retriever, change(retriever));
  };
}

const createFailing = () =>
  broken(() => ({ find: () => Promise.reject(new Error("unreachable")) }))([]);

langChainRetrieverConformance(
  {
    name: "reference",
    create: (documents) => new ReferenceRetriever(documents),
    createFailing,
  },
  { describe, it },
);

function failuresOf(target: Omit<LangChainRetrieverTarget, "name">): Promise<string[]> {
  return failedIds((runner) =>
    langChainRetrieverConformance({ name: "broken", createFailing, ...target }, runner),
  );
}

/** Finds something else than it should. */
function finding(
  change: (found: Awaited<ReturnType<ReferenceRetriever["find"]>>, query: string) => typeof found,
) {
  return broken((retriever) => {
    const find = retriever.find.bind(retriever);
    return { find: async (query) => change(await find(query), query) };
  });
}

let calls = 0;

const subjects: readonly [string, string[], LangChainRetrieverTarget["create"]][] = [
  [
    "loses metadata",
    ["LR-1"],
    finding((found) => found.map((document) => ({ ...document, metadata: {} }))),
  ],
  ["puts the best last", ["LR-2"], finding((found) => found.toReversed())],
  [
    "loses ids",
    ["LR-3"],
    finding((found) => found.map(({ pageContent, metadata }) => ({ pageContent, metadata }))),
  ],
  ["finds the best twice", ["LR-4"], finding((found) => [...found.slice(0, 1), ...found])],
  [
    "finds something else each time",
    ["LR-5", "LR-6", "LR-9", "LR-10", "LR-11"],
    finding((found) => {
      calls += 1;
      return found.slice(0, 1 + (calls % 2));
    }),
  ],
  [
    "gives out its own documents",
    ["LR-6"],
    broken((retriever) => ({
      find: async (query) =>
        retriever.documents.toSorted(
          (a, b) => Number(b.pageContent === query) - Number(a.pageContent === query),
        ),
    })),
  ],
  [
    "takes the query for a pattern",
    ["LR-7"],
    finding((found, query) => found.filter(() => new RegExp(query, "u") instanceof RegExp)),
  ],
  [
    "mixes up concurrent calls",
    ["LR-8"],
    broken((retriever) => {
      const find = retriever.find.bind(retriever);
      let current = "";
      return {
        find: async (query) => {
          current = query;
          await new Promise(setImmediate);
          return find(current);
        },
      };
    }),
  ],
  [
    "answers a batch in reverse",
    ["LR-9"],
    broken((retriever) => {
      const batch = retriever.batch.bind(retriever);
      return {
        batch: (async (queries: string[]) =>
          (await batch(queries)).toReversed()) as typeof retriever.batch,
      };
    }),
  ],
  [
    "streams nothing",
    ["LR-10"],
    broken((retriever) => {
      const stream = retriever.stream.bind(retriever);
      return {
        stream: async (query) => {
          const chunks = await stream(query);
          await chunks.cancel();
          return chunks;
        },
      };
    }),
  ],
  [
    "pipes into something else",
    ["LR-11"],
    broken((retriever) => {
      const pipe = retriever.pipe.bind(retriever);
      return {
        pipe: ((next: (found: unknown) => unknown) =>
          pipe(() => next([]) as never)) as typeof retriever.pipe,
      };
    }),
  ],
  [
    "tells callbacks nothing",
    ["LR-12", "LR-13"],
    broken((retriever) => ({
      invoke: async (query, options) => {
        options?.signal?.throwIfAborted();
        return retriever.find(query);
      },
    })),
  ],
  [
    "tells callbacks another query",
    ["LR-12"],
    broken((retriever) => {
      const find = retriever.find.bind(retriever);
      const invoke = retriever.invoke.bind(retriever);
      return {
        find: (query) => find(query.replace("rewritten: ", "")),
        invoke: (query, options) => invoke(`rewritten: ${query}`, options),
      };
    }),
  ],
  [
    "drops the tags and metadata of a call",
    ["LR-13"],
    broken((retriever) => {
      const invoke = retriever.invoke.bind(retriever);
      return {
        invoke: (query, { callbacks, signal } = {}) =>
          invoke(query, { ...(callbacks && { callbacks }), ...(signal && { signal }) }),
      };
    }),
  ],
  [
    "ignores the signal",
    ["LR-15"],
    broken((retriever) => {
      const invoke = retriever.invoke.bind(retriever);
      return { invoke: (query, { signal: _signal, ...options } = {}) => invoke(query, options) };
    }),
  ],
  [
    "shows its documents as JSON",
    ["LR-16"],
    broken((retriever) => ({
      toJSON: () => ({ ...retriever.toJSONNotImplemented(), kwargs: retriever.documents }) as never,
    })),
  ],
];

describe("a broken retriever", () => {
  it.each(subjects)("that %s fails %s", async (_what, ids, create) => {
    expect(await failuresOf({ create })).toEqual(ids);
  });

  it("that answers a failure with nothing fails LR-14", async () => {
    const failed = await failuresOf({
      create: (documents) => new ReferenceRetriever(documents),
      createFailing: () => broken(() => ({ find: async () => [] }))([]),
    });
    expect(failed).toEqual(["LR-14"]);
  });
});

describe("another retriever", () => {
  it("of LangChain fits by its shape", async () => {
    const failed = await failuresOf({
      create: (documents) => new FakeRetriever({ output: [...documents] }),
      createFailing: undefined,
      ranks: false,
    });
    expect(failed).toEqual(["LR-6", "LR-15"]);
  });
});
