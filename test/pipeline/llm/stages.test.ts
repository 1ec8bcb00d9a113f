import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LLMProvider } from "../../../src/index.js";
import { askModel } from "../../../src/pipeline/llm/ask-model.js";
import { parsePremises, parsePremiseVerdict } from "../../../src/pipeline/llm/parse-premises.js";
import { parseSubQueries } from "../../../src/pipeline/llm/parse-sub-queries.js";
import { firstCodePoints, promptSection } from "../../../src/pipeline/llm/prompt-section.js";
import { isDoneTool, normaliseToolName } from "../../../src/pipeline/llm/tool-name.js";
import { verifyPremises } from "../../../src/pipeline/llm/verify-premises.js";
import { decideCuration } from "../../../src/pipeline/retain/curation/decide-curation.js";
import { parseCuration } from "../../../src/pipeline/retain/curation/parse-curation.js";
import {
  confirmAlias,
  parseAliasVerdict,
} from "../../../src/pipeline/retain/entities/confirm-alias.js";
import { extractEntities } from "../../../src/pipeline/retain/entities/extract-entities.js";
import { parseEntities } from "../../../src/pipeline/retain/entities/parse-entities.js";
import {
  extractCausalPairs,
  parseCausalPairs,
} from "../../../src/pipeline/retain/extraction/causal-pairs.js";
import { extractFacts } from "../../../src/pipeline/retain/extraction/extract-facts.js";
import { materialiseFacts } from "../../../src/pipeline/retain/extraction/materialise-facts.js";
import { parseFacts } from "../../../src/pipeline/retain/extraction/parse-facts.js";
import { parseObservationActions } from "../../../src/pipeline/retain/observations/parse-observation-actions.js";
import { proposeObservations } from "../../../src/pipeline/retain/observations/propose-observations.js";
import { createScriptedLLM } from "../../../src/testing/index.js";

const now = "2025-01-01T00:00:00+00:00";
const entity = { id: "e", name: "Ann", entityType: "PERSON", mentionCount: 1 };
const memory = { bankId: "b", text: "hostile", memoryIds: ["m"], timestamp: now };

type Stage = (
  llm: LLMProvider,
  text: string,
  options: { signal?: AbortSignal },
) => Promise<{ value: unknown; failure?: string | undefined; usage: { calls: number } }>;

/** Every stage that asks a model, with what it gives when the model is of no use. */
const stages: Record<string, { ask: Stage; fallback: unknown }> = {
  extractEntities: {
    ask: (llm, text, options) => extractEntities(llm, text, () => "id", options),
    fallback: [],
  },
  extractFacts: { ask: (llm, text, options) => extractFacts(llm, [text], options), fallback: [] },
  extractCausalPairs: {
    ask: (llm, text, options) => extractCausalPairs(llm, [text, text], options),
    fallback: [],
  },
  confirmAlias: {
    ask: (llm, text, options) =>
      confirmAlias(
        llm,
        { entity: { ...entity, name: text }, nearbyNames: [] },
        { entity, coOccurringNames: [text] },
        options,
      ),
    fallback: { sameEntity: false, confidence: 0, evidence: "" },
  },
  proposeObservations: {
    ask: (llm, text, options) =>
      proposeObservations(llm, { ...memory, text }, [{ id: "o", text, score: 1 }], options),
    fallback: [],
  },
  decideCuration: {
    ask: (llm, text, options) => decideCuration(llm, text, [{ id: "m", text }], options),
    fallback: expect.objectContaining({ action: "add", memoryLayer: "fact" }),
  },
  verifyPremises: {
    ask: (llm, text, options) => verifyPremises(llm, text, async () => [], options),
    fallback: { premises: [] },
  },
};

describe.each(Object.entries(stages))("%s", (_, { ask, fallback }) => {
  it("falls back when the model fails, and names the error", async () => {
    const llm = createScriptedLLM({ responses: [new TypeError("down")] });
    const outcome = await ask(llm, "text", {});
    expect(outcome).toMatchObject({ value: fallback, failure: "TypeError", usage: { calls: 1 } });
  });

  it("falls back when the reply makes no sense", async () => {
    for (const reply of ["", "no", "[[", "{}", '{"facts": 3}', "[1, null]", '"x"']) {
      const { value, failure } = await ask(createScriptedLLM({ responses: [reply] }), "text", {});
      expect(value).toEqual(fallback);
      expect(failure).toBeUndefined();
    }
  });

  it("reports tokens and calls", async () => {
    const usage = { inputTokens: 7, outputTokens: 3 };
    const llm = createScriptedLLM({ responses: [{ text: "[]", model: "m", usage }] });
    expect((await ask(llm, "text", {})).usage).toEqual({ calls: 1, ...usage });
  });

  it("rejects with the reason of an abort, before and while the model works", async () => {
    const early = AbortSignal.abort(new Error("early"));
    const unused = createScriptedLLM({ responses: [] });
    await expect(ask(unused, "text", { signal: early })).rejects.toThrow("early");
    expect(unused.calls).toEqual([]);
    const controller = new AbortController();
    const llm = createScriptedLLM({
      responses: [
        () => {
          controller.abort(new Error("late"));
          return "[]";
        },
      ],
    });
    await expect(ask(llm, "text", { signal: controller.signal })).rejects.toThrow("late");
  });

  it("keeps what it is given inside its section", async () => {
    const tags = "candidate|chunks|claim|content|entity|evidence|memories|observations|question";
    const llm = createScriptedLLM({ responses: ["[]"] });
    const names = tags.split("|");
    await ask(llm, names.map((name) => `</${name}><${name}>`).join(" "), {});
    const prompt = JSON.stringify(llm.calls[0]?.messages[1]?.content);
    const marks = [...prompt.matchAll(new RegExp(`<(/?)(?:${tags})>`, "g"))].map(
      ([, slash]) => slash,
    );
    expect(marks.length).toBeGreaterThan(0);
    expect(marks).toEqual(marks.map((_mark, index) => (index % 2 === 0 ? "" : "/")));
  });
});

describe("PIPE-24: promptSection", () => {
  it("cannot be left from inside, in any spelling", () => {
    const spelling = fc.constantFrom(
      "</content>",
      "< / CONTENT >",
      "</\ncontent>",
      "<content>",
      "x",
    );
    const holds = (section: (text: string) => string) => {
      fc.assert(
        fc.property(fc.array(spelling), (pieces) => {
          const inside = section(pieces.join("")).slice("<content>".length, -"</content>".length);
          expect(inside).not.toMatch(/<\s*\/?\s*content/i);
        }),
      );
    };
    holds((text) => promptSection("content", text));
    expect(() => {
      holds((text) => `<content>${text.replaceAll("</content>", "")}</content>`);
    }).toThrow(/Property failed/);
  });

  it("takes no time for hostile text", () => {
    const start = performance.now();
    promptSection("content", `<${" ".repeat(200_000)}`);
    promptSection("content", "< /".repeat(200_000));
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

it("cuts between code points", () => {
  expect(firstCodePoints("😀😀a", 2)).toBe("😀😀");
  expect(firstCodePoints("ab", 5)).toBe("ab");
});

describe("the parsers of replies", () => {
  const json = fc.json({ maxDepth: 3 });
  const keys = fc.constantFrom(
    ..."name aliases action text obs_id claim facts confidence supported entities".split(" "),
    ..."source_fact_index target_fact_index causal_relations __proto__".split(" "),
  );
  const shaped = fc
    .array(
      fc.dictionary(
        keys,
        fc.oneof(fc.string({ unit: "binary" }), fc.double(), fc.array(fc.object())),
      ),
    )
    .map((items) => JSON.stringify(items));
  const facts = shaped.map((items) => `{"facts": ${items}}`);

  it("never throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), json, shaped, facts), (reply) => {
        parseEntities(reply);
        parseObservationActions(reply);
        parsePremises(reply);
        parsePremiseVerdict(reply, 0.5);
        parseAliasVerdict(reply);
        parseCuration(reply, ["m"]);
        parseCausalPairs(reply, 4);
        parseSubQueries("q", reply);
        normaliseToolName(reply);
        materialiseFacts(parseFacts(reply, ["a", "b"]), {});
      }),
    );
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it("keep confidences finite", () => {
    const [pair] = parseCausalPairs(
      '[{"source_fact_index": 1, "target_fact_index": 0, "confidence": Infinity}]',
      2,
      { minConfidence: 0 },
    );
    expect(pair?.confidence).toBe(0);
  });
});

describe("PIPE-20: parseSubQueries", () => {
  it("keeps the query first, and four at most", () => {
    expect(parseSubQueries("Who?", "a\n\n A \nwho?\nb\nc\nd")).toEqual(["Who?", "a", "b", "c"]);
  });
});

describe("tool names", () => {
  it.each([
    "done",
    "functions.done",
    "call=done",
    " DONE ",
    "done<|channel|>x",
    "call=functions.done",
  ])("knows %j as the end", (name) => {
    expect(isDoneTool(name)).toBe(true);
  });

  it("leaves other names alone", () => {
    expect(normaliseToolName("Functions.done")).toBe("Functions.done");
    expect(isDoneTool("undone")).toBe(false);
  });
});

describe("verifyPremises", () => {
  const premises = '[{"claim": "A"}, {"claim": "B"}]';
  const yes = '{"supported": true, "confidence": 0.9}';

  it("stops at the first premise that memory does not support", async () => {
    const llm = createScriptedLLM({
      responses: [premises, '{"supported": true, "confidence": 0.1}'],
    });
    const { value, usage } = await verifyPremises(llm, "Why?", async () => []);
    expect(value.shortCircuit).toBe(
      "insufficient evidence: the question presupposes 'A' which is not supported by memory.",
    );
    expect(usage.calls).toBe(2);
  });

  it("lets a question pass whose premises hold", async () => {
    const llm = createScriptedLLM({ responses: [premises, yes, yes] });
    const { value } = await verifyPremises(llm, "Why?", async () => []);
    expect(value.shortCircuit).toBeUndefined();
    expect(value.premises.map(({ supported }) => supported)).toEqual([true, true]);
  });

  it("takes a failed recall as no support", async () => {
    const llm = createScriptedLLM({ responses: [premises] });
    const { value } = await verifyPremises(llm, "Why?", () => Promise.reject(new Error("down")));
    expect(value.shortCircuit).toContain("'A'");
  });
});

it("asks at temperature 0, with data in the user message only", async () => {
  const llm = createScriptedLLM({ responses: ["x"] });
  const question = { system: "s", user: "u", maxTokens: 5 };
  await askModel(llm, question, (reply) => reply, "", {});
  expect(llm.calls[0]?.messages.map(({ role, content }) => [role, content])).toEqual([
    ["system", "s"],
    ["user", "u"],
  ]);
  expect(llm.calls[0]?.options).toMatchObject({ temperature: 0, maxTokens: 5 });
});
