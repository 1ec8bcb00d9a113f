import { Astrocyte, ConfigError } from "astrocyte";
import { createScriptedLLM } from "astrocyte/testing";
import { describe, expect, it } from "vitest";
import { createBrain } from "../astrocyte/brain.js";

const bankId = "b";
const refuse = (): never => {
  throw new Error("disk full");
};

describe("a setting that nothing enforces yet", () => {
  const mip = { vector_store: "in_memory", mip: "rules.yaml" };

  it("keeps a brain from being built of a document", async () => {
    await expect(Astrocyte.fromConfig(mip)).rejects.toThrow(
      /^config: mip.*: this version does not enforce it yet/,
    );
    await expect(Astrocyte.fromConfig(mip)).rejects.toBeInstanceOf(ConfigError);
  });

  it("keeps a brain from being built of parts", () => {
    expect(() => createBrain({ config: { mip: "rules.yaml" } })).toThrow(
      "config: mip: this version does not enforce it yet; leave it out",
    );
  });

  it("is said once where it only has no effect", () => {
    const { warnings } = createBrain({ config: { lifecycle: { enabled: true } } });
    expect(warnings).toEqual(["astrocyte.config.ignored_settings"]);
    expect(createBrain({ config: { dlp: { scan_recall_output: true } } }).warnings).toEqual([]);
  });
});

describe("an error while a brain is built", () => {
  it("names the document, and nothing that came from the environment", async () => {
    const building = Astrocyte.fromConfig(
      {
        vector_store: "in_memory",
        barriers: { pii: { patterns: { mine: { regex: "(${SECRET}" } } } },
      },
      { environment: { SECRET: "hunter2-value" } },
    );
    const error: unknown = await building.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toContain("config: ");
    expect(String(error)).not.toContain("hunter2-value");
  });
});

describe("a host's own parts", () => {
  it("cannot fail an operation by their logs and figures", async () => {
    const { brain } = createBrain({
      logger: { warn: refuse, info: refuse },
      telemetry: { span: refuse, count: refuse, recordSeconds: refuse, gauge: refuse },
    });
    const content = "write to ann@example.com";
    expect(await brain.retain(content, { bankId })).toMatchObject({ stored: true });
    expect((await brain.recall("write", { bankId })).hits).toHaveLength(1);
  });

  it("get no line that a caller wrote", async () => {
    const lines: string[] = [];
    const { brain } = createBrain({
      logger: { warn: (event, data) => void lines.push(event, JSON.stringify(data)) },
    });
    await brain.retain("hello", { bankId, metadata: { "api_key\nFAKE astrocyte.ok": "x" } });
    expect(lines.join("|")).not.toMatch(/FAKE|\\n/);
  });
});

describe("a model that scans for personal data", () => {
  it("has a circuit, so that an outage is not paid for with every content", async () => {
    const llm = createScriptedLLM({ responses: [] });
    let asked = 0;
    llm.complete = () => {
      asked += 1;
      return Promise.reject(new Error("ECONNREFUSED"));
    };
    const { brain, warnings } = createBrain({
      llm,
      config: {
        barriers: { pii: { mode: "llm" } },
        escalation: { circuit_breaker: { failure_threshold: 2 } },
      },
    });
    for (const content of ["one plain thing", "another sentence", "a third remark", "the end"]) {
      expect(await brain.retain(content, { bankId })).toMatchObject({ stored: true });
    }
    expect(asked).toBe(2);
    expect(warnings.length).toBeGreaterThanOrEqual(4);
  });
});
