import { Astrocyte, describeConfig, readConfig, type Message } from "astrocyte";
import { createScriptedLLM } from "astrocyte/testing";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "astrocyte-bank-profile-"));
const warnings: string[] = [];
const logger = {
  warn: (_event: string, data?: object) => void warnings.push(JSON.stringify(data)),
};

function file(profile: string): string {
  writeFileSync(join(folder, "p.yaml"), profile);
  const path = join(folder, "astrocyte.yaml");
  writeFileSync(path, "vector_store: in_memory\nbanks: { b: { profile: ./p.yaml } }");
  return path;
}

describe("a bank's own profile", () => {
  it.each(["access_control: { enabled: true }", "identity: { auto_resolve_banks: true }"])(
    "is refused when it would decide who may do what: %s",
    async (profile) => {
      await expect(Astrocyte.fromConfig(file(profile))).rejects.toThrow(
        /banks\.b\.profile: \w+ holds for all banks only; set it in the document itself/,
      );
    },
  );

  it("shows and has no effect but on what works for one bank, and says what is left", async () => {
    warnings.length = 0;
    const path = file(
      [
        "dlp: { scan_recall_output: true }",
        "escalation: { degraded_mode: error, circuit_breaker: { failure_threshold: 9 } }",
        "observability: { otel_enabled: true }",
        "homeostasis: { recall_max_tokens: 7, tokenizer: o200k_base }",
      ].join("\n"),
    );
    const loaded = await readConfig(path, { logger });
    const rows = describeConfig(loaded, { bankId: "b" }).filter(
      ({ from }) => from === "bank profile",
    );
    expect(rows.map((row) => [row.path, row.value])).toEqual([
      ["homeostasis.recall_max_tokens", 7],
      ["escalation.degraded_mode", "error"],
      ["dlp.scan_recall_output", true],
    ]);
    expect(loaded.warnings.ignored).toEqual([
      "banks.b.profile: escalation.circuit_breaker (works globally only)",
      "banks.b.profile: observability (works globally only)",
      "banks.b.profile: homeostasis.tokenizer (works globally only)",
    ]);
    expect(warnings.join()).toContain("observability (works globally only)");
  });

  it("says how the bank's questions are answered", async () => {
    const path = file("defaults: { skepticism: 5, empathy: 1, literalism: 5, tags: [own] }");
    const prompts: string[] = [];
    const llm = createScriptedLLM({ responses: ["yes", "yes"] });
    const complete = llm.complete.bind(llm);
    llm.complete = (messages: readonly Message[], options) => {
      prompts.push(JSON.stringify(messages));
      return complete(messages, options);
    };
    await using brain = await Astrocyte.fromConfig(path, { providers: { llm } });
    for (const bankId of ["b", "other"]) {
      await brain.retain("Ann drinks tea", { bankId });
      await brain.reflect("What does Ann drink?", { bankId });
    }
    expect(prompts).toHaveLength(2);
    expect(prompts[0]).not.toBe(prompts[1]);
    const { hits } = await brain.recall("tea", { bankId: "b", tags: ["own"] });
    expect(hits).toHaveLength(1);
  });
});
