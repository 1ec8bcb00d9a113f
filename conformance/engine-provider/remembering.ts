import assert from "node:assert/strict";
import {
  assertProvider,
  createdAtKey,
  engineCapabilitiesSchema,
  healthStatusSchema,
  parseShape,
  timestampMs,
  toTimestamp,
  type EngineProvider,
} from "astrocyte";
import { checkSpiVersion, methodsMatch } from "../declared.js";
import type { Chapter } from "../suite.js";
import { bankId, listIds, recall, retain } from "./fixtures.js";
import {
  declaredOf,
  usualEngineCapabilities,
  without,
  type AskedCapability,
  type EngineProviderTarget,
} from "./target.js";

function isAsked(name: string): name is AskedCapability {
  return Object.hasOwn(usualEngineCapabilities, name);
}

export const remembering: Chapter<EngineProvider, EngineProviderTarget> = {
  title: "remembering",
  statements: [
    {
      id: "EP-1",
      text: "the capabilities are a stable record, and say what the target states",
      check: async (engine, target) => {
        assertProvider(engine, "EngineProvider", "the engine");
        checkSpiVersion(engine, "EngineProvider");
        const read = () =>
          parseShape(engineCapabilitiesSchema, engine.capabilities, "capabilities");
        const before = read();
        const stated = declaredOf(target);
        for (const name of Object.keys(stated).filter(isAsked)) {
          assert.equal(before[name], stated[name], name);
        }
        methodsMatch(engine, ["softDelete", "close"], target.lacks ?? []);
        assert.ok(engine.forget !== undefined || !before.supportsForget, "forget is declared");
        assert.ok(engine.reflect !== undefined || !before.supportsReflect, "reflect is declared");
        await retain(engine, "alice likes tea");
        assert.deepEqual(read(), before);
        parseShape(healthStatusSchema, await engine.health(), "health");
      },
    },
    {
      id: "EP-2",
      text: "what was retained is recalled, with its id, bank, text, tags, metadata and date",
      check: async (engine, target) => {
        const occurredAt = "2024-02-29T12:00:00+00:00";
        const memoryId = await retain(engine, "alice likes green tea", {
          tags: ["drink"],
          metadata: { k: "größer", n: 1.5 },
          occurredAt,
        });
        await retain(engine, "bob plays chess");
        const { hits } = await recall(engine, "green tea");
        const [hit] = hits;
        assert.equal(hit?.memoryId, memoryId);
        assert.equal(hit.bankId, bankId);
        assert.equal(hit.text, "alice likes green tea");
        assert.equal(timestampMs(hit.occurredAt ?? ""), timestampMs(occurredAt));
        const stated = declaredOf(target);
        if (stated.supportsTags) assert.deepEqual(hit.tags, ["drink"]);
        if (stated.supportsMetadata) {
          assert.equal(hit.metadata?.["k"], "größer");
          assert.equal(hit.metadata["n"], 1.5);
        }
        let previous = Number.POSITIVE_INFINITY;
        for (const { score } of hits) {
          assert.ok(Number.isFinite(score) && score <= previous, "scores must not rise");
          previous = score;
        }
      },
    },
    {
      id: "EP-3",
      text: "the query * lists everything with score 1, up to maxResults",
      check: async (engine) => {
        const ids = [];
        for (const text of ["alice likes tea", "bob plays chess", "carol sings"]) {
          ids.push(await retain(engine, text));
        }
        assert.deepEqual(await listIds(engine), ids.toSorted());
        const spaced = await recall(engine, "  * ");
        assert.equal(spaced.hits.length, 3);
        assert.ok(spaced.hits.every(({ score }) => score === 1));
        assert.equal((await recall(engine, "*", { maxResults: 2 })).hits.length, 2);
        assert.deepEqual((await recall(engine, "*", { maxResults: 0 })).hits, []);
      },
    },
    {
      id: "EP-4-tags",
      text: "tags exclude what has none in common, and what has none",
      unless: without("supportsTags"),
      check: async (engine) => {
        const x = await retain(engine, "tea one", { tags: ["x"] });
        const both = await retain(engine, "tea two", { tags: ["y", "x"] });
        await retain(engine, "tea three", { tags: ["X"] });
        await retain(engine, "tea four");
        const expected = [x, both].toSorted();
        assert.deepEqual(await listIds(engine, { tags: ["x"] }), expected);
        const { hits } = await recall(engine, "tea", { tags: ["x", "unknown"] });
        assert.deepEqual(hits.map(({ memoryId = "" }) => memoryId).toSorted(), expected);
        assert.deepEqual(await listIds(engine, { tags: ["unknown"] }), []);
      },
    },
    {
      id: "EP-4-types",
      text: "factTypes exclude every other type",
      check: async (engine) => {
        await retain(engine, "alice likes tea");
        const { hits } = await recall(engine, "*");
        const [type = "world"] = hits.flatMap(({ factType }) => factType ?? []);
        const { hits: ofType } = await recall(engine, "*", { factTypes: [type] });
        assert.ok(ofType.every(({ factType }) => factType === type));
        assert.deepEqual(await listIds(engine, { factTypes: ["no such type"] }), []);
      },
    },
    {
      id: "EP-4-time",
      text: "timeRange includes both ends and excludes the undated",
      unless: without("supportsTemporalSearch"),
      check: async (engine) => {
        const [from, to] = ["2024-01-01T00:00:00+00:00", "2024-02-01T00:00:00+00:00"];
        const first = await retain(engine, "tea one", { occurredAt: from });
        const last = await retain(engine, "tea two", { occurredAt: to });
        await retain(engine, "tea three", { occurredAt: "2024-02-01T00:00:00.001000+00:00" });
        await retain(engine, "tea four");
        assert.deepEqual(
          await listIds(engine, { timeRange: [from, to] }),
          [first, last].toSorted(),
        );
      },
    },
    {
      id: "EP-6",
      text: "reflect answers with a text from the bank's memories",
      unless: without("supportsReflect"),
      check: async (engine) => {
        await retain(engine, "alice likes tea");
        const request = { query: "what does alice like?", bankId, includeSources: true };
        const result = await engine.reflect?.(request);
        assert.equal(typeof result?.answer, "string");
        assert.ok((result?.sources ?? []).every((source) => source.bankId === bankId));
      },
    },
    {
      id: "EP-10",
      text: "totalAvailable is never less than the hits",
      check: async (engine) => {
        for (const n of [1, 2, 3, 4]) await retain(engine, `alice likes tea ${n}`);
        for (const query of ["*", "tea", "zeppelin"]) {
          for (const maxResults of [1, 3, 100]) {
            const { hits, totalAvailable } = await recall(engine, query, { maxResults });
            assert.ok(totalAvailable >= hits.length);
          }
        }
      },
    },
    {
      id: "EP-11",
      text: "hits carry _created_at, the instant of the retain",
      unless: without("supportsMetadata"),
      check: async (engine) => {
        await retain(engine, "alice likes tea");
        const [hit] = (await recall(engine, "tea")).hits;
        const createdAt = hit?.metadata?.[createdAtKey];
        assert.ok(typeof createdAt === "string", `${createdAtKey} must be a text`);
        toTimestamp(createdAt, createdAtKey);
      },
    },
  ],
};
