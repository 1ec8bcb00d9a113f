import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError, PiiRejectedError, ProviderUnavailableError } from "../../../src/errors.js";
import { PiiBarrier, type PiiBarrierOptions } from "../../../src/policy/pii/pii-barrier.js";
import { PiiDetector } from "../../../src/policy/pii/pii-detector.js";
import { createScriptedLLM, type ScriptedResponse } from "../../../src/testing/scripted-llm.js";

const detector = new PiiDetector();
const content = "mail bob@example.com, my doctor is Ann";
const annReply = '[{"type":"name","text":"Ann"}]';
const llmWith = (...responses: ScriptedResponse[]) => createScriptedLLM({ responses });

function barrierWith(options: Partial<PiiBarrierOptions> = {}) {
  const events: unknown[] = [];
  const logger = { warn: (...event: unknown[]) => void events.push(event) };
  const barrier = new PiiBarrier({ mode: "regex", action: "redact", detector, logger, ...options });
  return { barrier, events };
}

const findAnnAndOslo = (subject: string) => [
  { label: "GPE", start: subject.indexOf("Oslo"), end: subject.indexOf("Oslo") + 4 },
  { label: "PERSON", start: subject.indexOf("Ann"), end: subject.indexOf("Ann") + 3 },
  { label: "DATE", start: 0, end: 2 },
];

describe("PiiBarrier", () => {
  it("rewrites content and text values of metadata, and reports a type for each match", () => {
    const { barrier } = barrierWith();
    expect(barrier.isSynchronous).toBe(true);
    const subject = {
      content,
      metadata: { "joe@example.com": "joe@example.com", n: 4111111111111111, ok: true, none: null },
      tags: ["joe@example.com"],
    };
    expect(barrier.inspectSync(subject)).toEqual({
      content: "mail [EMAIL_REDACTED], my doctor is Ann",
      metadata: { ...subject.metadata, "joe@example.com": "[EMAIL_REDACTED]" },
      tags: ["joe@example.com"],
      piiTypes: ["email", "email"],
      action: "redact",
    });
    expect(subject.metadata["joe@example.com"]).toBe("joe@example.com");
  });

  it("scans tags, and leaves metadata, only when told to", () => {
    const { barrier } = barrierWith({ scanTags: true, scanMetadata: false });
    const subject = {
      content: "x",
      metadata: { a: "joe@example.com" },
      tags: ["joe@example.com", "t"],
    };
    expect(barrier.inspectSync(subject)).toMatchObject({
      metadata: { a: "joe@example.com" },
      tags: ["[EMAIL_REDACTED]", "t"],
      piiTypes: ["email"],
    });
  });

  it("leaves absent fields absent", () => {
    expect(barrierWith().barrier.inspectSync({ content: "x" })).toEqual({
      content: "x",
      metadata: undefined,
      tags: undefined,
      piiTypes: [],
      action: "redact",
    });
  });

  it("refuses for the sake of any field, and names all types", () => {
    const { barrier } = barrierWith({ action: "reject", scanTags: true });
    const subject = { content: "123-45-6789", metadata: { a: "a@b.example" }, tags: ["10.0.0.1"] };
    expect(() => barrier.inspectSync(subject)).toThrow(
      new PiiRejectedError(["ssn", "email", "ip_address"]),
    );
    expect(() => barrier.inspectSync({ content: "x", metadata: { a: "a@b.example" } })).toThrow(
      PiiRejectedError,
    );
  });

  it("POL-9: keeps the text under warn, and looks at nothing when disabled", () => {
    expect(barrierWith({ action: "warn" }).barrier.inspectSync({ content })).toMatchObject({
      content,
      piiTypes: ["email"],
    });
    expect(barrierWith({ mode: "disabled" }).barrier.inspectSync({ content })).toMatchObject({
      content,
      piiTypes: [],
    });
  });

  it("POL-10: follows the overrides of types, an override without an action as well", () => {
    const typeOverrides = { email: { replacement: "<mail>", action: undefined } };
    expect(barrierWith({ typeOverrides }).barrier.inspectSync({ content }).content).toContain(
      "<mail>",
    );
    const { barrier } = barrierWith({ typeOverrides, action: "reject" });
    expect(() => barrier.inspectSync({ content })).toThrow(PiiRejectedError);
  });

  it("unites what the rules and the model find", async () => {
    const llm = llmWith(annReply);
    const { barrier } = barrierWith({ mode: "rules_then_llm", llm });
    expect(barrier.isSynchronous).toBe(false);
    expect(await barrier.inspect({ content })).toMatchObject({
      content: "mail [EMAIL_REDACTED], my doctor is [NAME_REDACTED]",
      piiTypes: ["email", "name"],
    });
    expect(llm.calls).toHaveLength(1);
  });

  it("counts what both find once", async () => {
    const llm = llmWith('[{"type":"email","text":"bob@example.com"}]');
    const { barrier } = barrierWith({ mode: "rules_then_llm", llm });
    expect((await barrier.inspect({ content })).piiTypes).toEqual(["email"]);
  });

  it("takes the model alone at its word in the mode llm, and the rules for metadata", async () => {
    const { barrier } = barrierWith({ mode: "llm", llm: llmWith(annReply) });
    expect(await barrier.inspect({ content, metadata: { a: "a@b.example" } })).toMatchObject({
      content: "mail bob@example.com, my doctor is [NAME_REDACTED]",
      metadata: { a: "[EMAIL_REDACTED]" },
    });
  });

  it("finds what the model named in the content again in metadata and tags, as whole words", async () => {
    const { barrier } = barrierWith({
      mode: "rules_then_llm",
      llm: llmWith(annReply),
      scanTags: true,
    });
    expect(
      await barrier.inspect({
        content,
        metadata: { doctor: "Ann", note: "Anna met Ann (a@b.io)", n: 1 },
        tags: ["Ann", "Annual"],
      }),
    ).toMatchObject({
      metadata: {
        doctor: "[NAME_REDACTED]",
        note: "Anna met [NAME_REDACTED] ([EMAIL_REDACTED])",
        n: 1,
      },
      tags: ["[NAME_REDACTED]", "Annual"],
      piiTypes: ["email", "name", "name", "email", "name", "name"],
    });
  });

  it("refuses for a name in metadata where names are refused", async () => {
    const { barrier } = barrierWith({
      mode: "llm",
      llm: llmWith(annReply),
      action: "warn",
      typeOverrides: { name: { action: "reject" } },
    });
    await expect(barrier.inspect({ content, metadata: { a: "Ann" } })).rejects.toMatchObject({
      piiTypes: ["name", "name"],
    });
  });

  it("knows a custom type, those of a model and `unknown` as overrides", () => {
    const custom = new PiiDetector({
      customPatterns: [{ name: "badge", replacement: "[B]", find: () => [] }],
    });
    for (const type of ["badge", "email", "medical_record", "unknown"]) {
      expect(() =>
        barrierWith({ detector: custom, typeOverrides: { [type]: { action: "warn" } } }),
      ).not.toThrow();
    }
  });

  it.each(["llm", "rules_then_llm"] as const)(
    "never lets a text through unscanned in %s",
    async (mode) => {
      for (const response of [new Error("down"), "no list"]) {
        const strict = barrierWith({ mode, llm: llmWith(response), llmFailure: "reject" });
        await expect(strict.barrier.inspect({ content })).rejects.toThrow(ProviderUnavailableError);
        const lenient = barrierWith({ mode, llm: llmWith(response) });
        expect(await lenient.barrier.inspect({ content })).toMatchObject({
          content: "mail [EMAIL_REDACTED], my doctor is Ann",
          piiTypes: ["email"],
        });
        expect(lenient.events).toHaveLength(1);
        expect(JSON.stringify(lenient.events)).not.toMatch(/bob|Ann/u);
      }
    },
  );

  it("passes an abort on, also when failures only warn", async () => {
    const controller = new AbortController();
    const reason = new Error("stop");
    const llm = llmWith(() => {
      controller.abort(reason);
      throw new Error("down");
    });
    const { barrier, events } = barrierWith({ mode: "llm", llm, llmFailure: "warn" });
    await expect(barrier.inspect({ content }, { signal: controller.signal })).rejects.toBe(reason);
    expect(events).toEqual([]);
  });

  it("adds what a recogniser names to the rules, whose indices count UTF-16 units", async () => {
    const text = "😀 Ann of Oslo, bob@example.com";
    const { barrier } = barrierWith({ mode: "ner", recognizer: findAnnAndOslo });
    expect(await barrier.inspect({ content: text })).toMatchObject({
      content: "😀 [NAME_REDACTED] of [ADDRESS_REDACTED], [EMAIL_REDACTED]",
      piiTypes: ["email", "name", "address"],
    });
  });

  it.each([
    ["throws", () => Promise.reject(new Error("down"))],
    ["points outside", () => [{ label: "PERSON", start: 0, end: 999 }]],
    ["gives no list", () => "PERSON" as never],
    ["gives no entities", () => [null] as never],
  ])("fails closed on request when the recogniser %s", async (_case, recognizer) => {
    const strict = barrierWith({ mode: "ner", recognizer, llmFailure: "reject" });
    await expect(strict.barrier.inspect({ content })).rejects.toThrow(ProviderUnavailableError);
    const lenient = barrierWith({ mode: "ner", recognizer });
    expect((await lenient.barrier.inspect({ content })).piiTypes).toEqual(["email"]);
    expect(lenient.events).toHaveLength(1);
  });

  it.each([
    [{ mode: "regexp" }, "barriers.pii.mode"],
    [{ action: "redcat" }, "barriers.pii.action"],
    [{ llmFailure: "ignore" }, "barriers.pii.pii_llm_failure"],
    [{ typeOverrides: { email: { action: "drop" } } }, "barriers.pii.type_overrides.email.action"],
    [{ typeOverrides: { credit_crd: { action: "reject" } } }, '"credit_crd" is unknown'],
    [{ typeOverrides: { badge: {} } }, "email, phone, ssn, credit_card"],
    [{ mode: "llm" }, "needs a model"],
    [{ mode: "rules_then_llm" }, "needs a model"],
    [{ mode: "ner" }, "pass recognizer"],
  ])("refuses %j and says what is wrong", (options, message) => {
    const create = () => barrierWith(options as Partial<PiiBarrierOptions>);
    expect(create).toThrow(ConfigError);
    expect(create).toThrow(message);
  });

  it("refuses to answer at once where it must wait", () => {
    const { barrier } = barrierWith({ mode: "llm", llm: llmWith() });
    expect(() => barrier.inspectSync({ content })).toThrow(ConfigError);
  });

  it("leaves nothing that it would redact, and never throws under redact", () => {
    const { barrier } = barrierWith();
    const part = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom("4111111111111111", "a@b.co", "123-45-6789", " ", "5551234567"),
    );
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join("")),
        (text) => {
          const once = barrier.inspectSync({ content: text, metadata: { phone: text, text } });
          const twice = barrier.inspectSync({ ...once, content: once.content });
          expect(twice.content).toBe(once.content);
          expect(once.metadata?.["phone"]).toBe(once.content);
          expect(twice.metadata).toEqual(once.metadata);
        },
      ),
      { numRuns: 500 },
    );
  });
});
