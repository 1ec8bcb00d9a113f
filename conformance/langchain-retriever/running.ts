import assert from "node:assert/strict";
import type { Chapter } from "../suite.js";
import { contentsOf, documents, query } from "./fixtures.js";
import type { LangChainRetrieverLike, RetrieverCallbacks } from "./retriever-like.js";
import type { LoadedRetrieverTarget } from "./target.js";

interface Recorder extends RetrieverCallbacks {
  readonly events: { readonly event: string; readonly details: Record<string, unknown> }[];
}

function createRecorder(): Recorder {
  const events: Recorder["events"] = [];
  return {
    events,
    handleRetrieverStart(_retriever, text, _runId, _parentRunId, tags, metadata, name) {
      events.push({ event: "start", details: { text, tags, metadata, name } });
    },
    handleRetrieverEnd(found) {
      events.push({ event: "end", details: { found: contentsOf(found) } });
    },
    handleRetrieverError(error) {
      events.push({ event: "error", details: { error } });
    },
  };
}

function eventsOf({ events }: Recorder): string[] {
  return events.map(({ event }) => event);
}

export const running: Chapter<LangChainRetrieverLike, LoadedRetrieverTarget> = {
  title: "as a runnable",
  statements: [
    {
      id: "LR-9",
      text: "batch answers each query in its place",
      check: async (retriever) => {
        const queries = contentsOf(documents);
        const answers = await retriever.batch(queries);
        const alone = await Promise.all(queries.map((text) => retriever.invoke(text)));
        assert.deepEqual(answers.map(contentsOf), alone.map(contentsOf));
        assert.deepEqual(await retriever.batch([]), []);
      },
    },
    {
      id: "LR-10",
      text: "stream gives all documents that invoke does",
      check: async (retriever) => {
        const streamed: string[] = [];
        for await (const chunk of await retriever.stream(query))
          streamed.push(...contentsOf(chunk));
        assert.deepEqual(streamed, contentsOf(await retriever.invoke(query)));
      },
    },
    {
      id: "LR-11",
      text: "pipe hands the documents on",
      check: async (retriever) => {
        const chain = retriever.pipe((found) => contentsOf(found).join("\n"));
        const expected = contentsOf(await retriever.invoke(query)).join("\n");
        assert.equal(await chain.invoke(query), expected);
      },
    },
    {
      id: "LR-12",
      text: "callbacks see one start, with the query, and one end, with the documents",
      check: async (retriever) => {
        const recorder = createRecorder();
        const found = await retriever.invoke(query, { callbacks: [recorder] });
        assert.deepEqual(eventsOf(recorder), ["start", "end"]);
        assert.equal(recorder.events[0]?.details["text"], query);
        assert.deepEqual(recorder.events[1]?.details["found"], contentsOf(found));
      },
    },
    {
      id: "LR-13",
      text: "tags, metadata and the name of the run reach the callbacks",
      check: async (retriever) => {
        const recorder = createRecorder();
        await retriever.invoke(query, {
          callbacks: [recorder],
          tags: ["mine"],
          metadata: { tenant: "acme" },
          runName: "my run",
        });
        const { tags, metadata, name } = recorder.events[0]?.details ?? {};
        assert.ok(Array.isArray(tags) && tags.includes("mine"));
        assert.ok(typeof metadata === "object" && metadata !== null && "tenant" in metadata);
        assert.equal(metadata.tenant, "acme");
        assert.equal(name, "my run");
      },
    },
    {
      id: "LR-14",
      text: "a search that fails rejects, and callbacks see the error",
      unless: ({ createFailing }) =>
        createFailing === undefined && "the target has no createFailing",
      check: async (_retriever, target) => {
        const failing = await target.createFailing?.();
        assert.ok(failing);
        const recorder = createRecorder();
        await assert.rejects(failing.invoke(query, { callbacks: [recorder] }));
        assert.deepEqual(eventsOf(recorder), ["start", "error"]);
      },
    },
    {
      id: "LR-15",
      text: "a call with an aborted signal rejects",
      check: async (retriever) => {
        const signal = AbortSignal.abort(new Error("the caller gave up"));
        await assert.rejects(retriever.invoke(query, { signal }));
      },
    },
    {
      id: "LR-16",
      text: "a retriever as JSON holds none of its documents",
      check: async (retriever) => {
        const json = JSON.stringify(retriever) ?? "";
        for (const text of contentsOf(documents)) {
          assert.ok(!json.includes(text), "what is traced must not carry the store with it");
        }
      },
    },
  ],
};
