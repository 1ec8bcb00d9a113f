import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidArgumentError } from "../../../src/errors.js";
import { chunkConversation } from "../../../src/pipeline/retain/chunking/chunk-conversation.js";
import { applyTagRules } from "../../../src/pipeline/retain/extraction/apply-tag-rules.js";
import { chunkSettings } from "../../../src/pipeline/retain/extraction/chunk-settings.js";
import { mapMetadata } from "../../../src/pipeline/retain/extraction/map-metadata.js";
import { prepareInput } from "../../../src/pipeline/retain/extraction/prepare-input.js";

describe("PIPE-2: chunkSettings", () => {
  const defaults = { strategy: "sentence", maxSize: 512 };

  it("lets the rule decide before the profile, the profile before the content type, each setting by itself", () => {
    const profile = { chunkingStrategy: " Paragraph ", chunkSize: 100 };
    const rule = { strategy: "fixed", overlap: 0 };
    expect(chunkSettings({ contentType: "conversation", defaults })).toEqual({
      strategy: "dialogue",
      maxSize: 512,
    });
    expect(chunkSettings({ contentType: "conversation", profile, defaults })).toEqual({
      strategy: "paragraph",
      maxSize: 100,
    });
    expect(chunkSettings({ contentType: "conversation", profile, rule, defaults })).toEqual({
      strategy: "fixed",
      maxSize: 100,
      overlap: 0,
    });
  });

  it("knows semantic as sentence, and no size below 1", () => {
    const profile = { chunkingStrategy: "semantic", chunkSize: 0 };
    const settings = { strategy: "sentence", maxSize: 1 };
    expect(chunkSettings({ contentType: "email", profile, defaults })).toEqual(settings);
  });

  it("refuses an unknown strategy by name", () => {
    const rule = { strategy: "nope" };
    expect(() => chunkSettings({ contentType: "text", rule, defaults })).toThrow(
      InvalidArgumentError,
    );
    expect(() => chunkSettings({ contentType: "text", rule, defaults })).toThrow(
      /"nope".*dialogue/,
    );
  });
});

describe("mapMetadata", () => {
  const content = '{"user": {"name": "Ann", "tags": ["é", 1]}, "none": null}';

  it("follows paths and takes other values as they stand", () => {
    expect(
      mapMetadata(content, {
        name: "$.user.name",
        tags: "$.user.tags",
        user: "$.user",
        none: "$.none",
        missing: "$.user.age",
        proto: "$.constructor",
        fixed: "v",
      }),
    ).toEqual({
      name: "Ann",
      tags: '["é", 1]',
      user: '{"name": "Ann", "tags": ["é", 1]}',
      fixed: "v",
    });
  });

  it("reads the root of a list as $", () => {
    expect(mapMetadata("[1, 2]", { all: "$.$", first: "$.0" })).toEqual({ all: "[1, 2]" });
  });

  it("gives nothing for what is not JSON", () => {
    expect(mapMetadata("hello", { fixed: "v" })).toBeUndefined();
  });

  it("never throws and gives flat values only", () => {
    const path = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("$", "$.", "$.$", "$.a.b"),
    );
    fc.assert(
      fc.property(fc.json(), fc.dictionary(fc.string(), path), (json, mapping) => {
        for (const value of Object.values(mapMetadata(json, mapping) ?? {})) {
          expect(typeof value).not.toBe("object");
          expect(value).not.toBeNaN();
        }
      }),
    );
  });
});

describe("applyTagRules", () => {
  it("takes a lone tag as one tag, and passes over what is no rule", () => {
    const rules = [
      { contains: "a", tags: "xyz" },
      "str",
      null,
      { tags: ["t"] },
      { match: 1.5, tags: ["n"] },
    ];
    expect(applyTagRules("a 1.5", rules)).toEqual(["xyz", "n"]);
    expect(applyTagRules("A", rules)).toBeUndefined();
  });
});

describe("PIPE-4: prepareInput", () => {
  it("lets the request's metadata win and adds each tag once", () => {
    const profile = {
      contentType: " Document ",
      metadataMapping: { a: "$.a", b: "$.b" },
      tagRules: [{ contains: '"a"', tags: ["t", "u"] }],
      factType: " experience ",
    };
    const request = { content: '{"a": 1, "b": 2}', metadata: { b: null }, tags: ["t"] };
    expect(prepareInput(request, profile, false)).toEqual({
      text: request.content,
      contentType: "document",
      metadata: { a: 1, b: null },
      tags: ["t", "u"],
      factType: "experience",
      extractEntities: false,
    });
  });

  it.each([
    [undefined, true, true],
    [undefined, false, false],
    ["metadata", false, true],
    [" Disabled ", true, false],
    [false, true, false],
    [true, false, false],
  ])("with entity extraction %j and a graph store %j: %j", (entityExtraction, graph, extracts) => {
    const prepared = prepareInput({ content: "x" }, { entityExtraction }, graph);
    expect(prepared.extractEntities).toBe(extracts);
  });
});

function turn(id: string, content: string, sessionId: string | number) {
  return { id, role: "user", content, sessionId };
}

describe("chunkConversation", () => {
  it("never shares a chunk between sessions, and tells 1 from '1'", () => {
    const turns = [
      turn("a", "1", "s"),
      turn("b", "2", "s"),
      turn("c", "3", 1),
      turn("d", "4", "1"),
    ];
    expect(chunkConversation(turns).map(({ turnIds }) => turnIds)).toEqual([
      ["a", "b"],
      ["c"],
      ["d"],
    ]);
  });

  it("cuts between turns only, and keeps all of them in order", () => {
    const some = fc.array(
      fc.record({
        id: fc.uuid(),
        role: fc.constantFrom("user", "assistant"),
        content: fc.string({ unit: "binary" }),
        sessionId: fc.constantFrom("s", "t"),
      }),
    );
    fc.assert(
      fc.property(some, fc.integer({ min: 1, max: 60 }), (turns, maxSize) => {
        const chunks = chunkConversation(turns, maxSize);
        expect(chunks.flatMap(({ turnIds }) => turnIds)).toEqual(turns.map(({ id }) => id));
        const joined = chunks.filter(({ turnIds }) => turnIds.length > 1);
        expect(joined.every(({ size }) => size <= maxSize)).toBe(true);
      }),
    );
  });
});
