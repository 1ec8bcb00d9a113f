import { describe, expect, it } from "vitest";
import type { RecallResult } from "../../src/dto/recall.js";
import type { ReflectResult } from "../../src/dto/reflect.js";
import { ConfigError } from "../../src/errors.js";
import { OutputScan } from "../../src/policy/output-scan.js";
import { PiiDetector } from "../../src/policy/pii/pii-detector.js";

const clean = { text: "plain fact", score: 0.9, memoryId: "m1", chunkId: "c1" };
const mail = {
  text: "mail bob@example.com",
  score: 0.8,
  memoryId: "m2",
  chunkId: "c2",
  bankId: "b",
  tags: ["t"],
  source: "s",
  factType: "world",
  retainedAt: "2026-01-02T03:04:05.678000+00:00",
  occurredAt: "2026-01-01T03:04:05.678000+00:00",
  metadata: { k: 1, owner: "10.0.0.1" },
  strategies: ["semantic"],
};
const recalled: RecallResult = {
  hits: [clean, mail],
  totalAvailable: 7,
  truncated: true,
  trace: { fusionMethod: "rrf" },
  authorityContext: "ask bob@example.com",
  topSemanticScore: 0.5,
};
const reflected: ReflectResult = {
  answer: "write to bob@example.com",
  confidence: 0.5,
  sources: [clean, mail],
  observations: ["ssn 123-45-6789", "fine"],
  authorityContext: "ctx",
  usage: { inputTokens: 1, outputTokens: 2, calls: 1 },
};
const redactedMail = {
  ...mail,
  text: "mail [EMAIL_REDACTED]",
  metadata: { k: 1, owner: "[IP_REDACTED]" },
};

describe("POL-24: OutputScan", () => {
  it("rewrites hits and keeps every other field", () => {
    const before = structuredClone(recalled);
    expect(new OutputScan({ action: "redact" }).scanRecall(recalled)).toEqual({
      result: {
        ...recalled,
        hits: [clean, redactedMail],
        authorityContext: "ask [EMAIL_REDACTED]",
      },
      detectedTypes: ["email", "ip_address", "email"],
    });
    expect(recalled).toEqual(before);
  });

  it("leaves out hits under reject, those with personal metadata too, and still counts them", () => {
    const { result } = new OutputScan({ action: "reject" }).scanRecall({
      ...recalled,
      hits: [clean, mail, { ...clean, metadata: { a: "a@b.example" } }],
    });
    expect(result).toEqual({ ...recalled, hits: [clean], authorityContext: undefined });
  });

  it("changes nothing under warn, and reports", () => {
    expect(new OutputScan({ action: "warn" }).scanRecall(recalled)).toEqual({
      result: recalled,
      detectedTypes: ["email", "ip_address", "email"],
    });
    expect(new OutputScan({ action: "warn" }).scanReflect(reflected)).toEqual({
      result: reflected,
      detectedTypes: ["email", "ssn", "email", "ip_address"],
    });
  });

  it("rewrites the answer, the observations and the sources of a reflection", () => {
    expect(new OutputScan({ action: "redact" }).scanReflect(reflected).result).toEqual({
      ...reflected,
      answer: "write to [EMAIL_REDACTED]",
      sources: [clean, redactedMail],
      observations: ["ssn [SSN_REDACTED]", "fine"],
    });
  });

  it("blocks an answer under reject, and leaves out the sources that gave it away", () => {
    expect(new OutputScan({ action: "reject" }).scanReflect(reflected).result).toEqual({
      ...reflected,
      answer: "",
      sources: [clean],
      observations: ["Reflect output blocked by DLP policy: PII detected"],
    });
  });

  it("keeps a clean answer under reject whose sources are not", () => {
    const { result } = new OutputScan({ action: "reject" }).scanReflect({
      ...reflected,
      answer: "yes",
    });
    expect(result).toEqual({
      ...reflected,
      answer: "yes",
      sources: [clean],
      observations: ["fine"],
    });
  });

  it("adds no field that was not there", () => {
    const { result } = new OutputScan({ action: "redact" }).scanReflect({ answer: "x" });
    expect(Object.keys(result)).toEqual(["answer"]);
  });

  it("scans only what it is told to", () => {
    const scan = new OutputScan({ action: "redact", scanRecall: false, scanReflect: false });
    expect(scan.scanRecall(recalled)).toEqual({ result: recalled, detectedTypes: [] });
    expect(scan.scanReflect(reflected)).toEqual({ result: reflected, detectedTypes: [] });
  });

  it("knows no countries unless it gets a detector that does", () => {
    const text = "NINO AB123456C";
    const hits = [{ text, score: 1 }];
    const result = { hits, totalAvailable: 1, truncated: false, topSemanticScore: 0 };
    expect(new OutputScan({ action: "redact" }).scanRecall(result).detectedTypes).toEqual([]);
    const detector = new PiiDetector({ countries: ["GB"] });
    expect(new OutputScan({ action: "redact", detector }).scanRecall(result).detectedTypes).toEqual(
      ["uk_nino"],
    );
  });

  it("refuses an action that it does not know", () => {
    expect(() => new OutputScan({ action: "block" as "warn" })).toThrow(ConfigError);
  });
});
