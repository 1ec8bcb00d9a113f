import { metrics, trace } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { Astrocyte, openTelemetry, type Logger } from "astrocyte";
import { createMockLLM } from "astrocyte/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createBrain } from "../astrocyte/brain.js";
import { hookTypes } from "../../src/hooks.js";

const bankId = "b";
const spans = new InMemorySpanExporter();
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });

beforeAll(() => {
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  trace.setGlobalTracerProvider(provider);
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
});
beforeEach(() => {
  spans.reset();
  exporter.reset();
});
afterAll(() => {
  trace.disable();
  metrics.disable();
});

/** The last value of every metric, by name and labels. */
async function readMetrics(): Promise<Record<string, unknown>> {
  await reader.forceFlush();
  const { scopeMetrics } = exporter.getMetrics().at(-1) ?? { scopeMetrics: [] };
  return Object.fromEntries(
    scopeMetrics.flatMap((scope) =>
      scope.metrics.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => [
          `${descriptor.name}${JSON.stringify(attributes)}`,
          typeof value === "number" ? value : value.count,
        ]),
      ),
    ),
  );
}

describe("OpenTelemetry", () => {
  it("gets a span for every operation, and its failure by code only", async () => {
    const { brain } = createBrain({
      telemetry: await openTelemetry(),
      config: { barriers: { pii: { action: "reject" } } },
    });
    await brain.retain("dark mode", { bankId });
    await brain.recall("mode", { bankId });
    await brain.forget({ bankId, scope: "all" });
    await expect(brain.retain("ssn 123-45-6789", { bankId })).rejects.toThrow("PII detected");
    const seen = spans.getFinishedSpans().map(({ name, attributes, status }) => ({
      name,
      attributes,
      status,
    }));
    expect(seen).toMatchObject([
      {
        name: "astrocyte.retain",
        attributes: { "astrocyte.bank_id": "b", "astrocyte.stored_count": 1 },
      },
      { name: "astrocyte.recall", attributes: { "astrocyte.result_count": 1 } },
      { name: "astrocyte.forget", attributes: { "astrocyte.deleted_count": 1 } },
      { name: "astrocyte.retain", status: { code: 2, message: "ASTROCYTE_PII_REJECTED" } },
    ]);
  });

  it("gets the metrics of the contract", async () => {
    const { brain, vectorStore } = createBrain({
      telemetry: await openTelemetry(),
      llm: createMockLLM(),
      config: {
        homeostasis: { rate_limits: { recall_per_minute: 1 } },
        escalation: { circuit_breaker: { failure_threshold: 1 } },
      },
    });
    await brain.retain("Mail ada@example.com", { bankId: "metered" });
    await brain.retain("Mail ada@example.com", { bankId: "metered" });
    await brain.recall("mail", { bankId: "metered" });
    await expect(brain.recall("mail", { bankId: "metered" })).rejects.toThrow("Rate limited");
    await brain.reflect("mail", { bankId: "metered" });
    vectorStore.storeVectors = () => Promise.reject(new Error("boom"));
    await expect(brain.retain("something else", { bankId: "metered" })).rejects.toThrow("boom");
    const provider = vectorStore.name;
    const ok = JSON.stringify({ bank_id: "metered", provider, status: "ok" });
    const failed = JSON.stringify({ bank_id: "metered", provider, status: "error" });
    const bank = JSON.stringify({ bank_id: "metered", provider });
    expect(await readMetrics()).toMatchObject({
      [`astrocyte_retain_total${ok}`]: 2,
      [`astrocyte_retain_total${failed}`]: 1,
      [`astrocyte_recall_total${ok}`]: 1,
      [`astrocyte_reflect_total${ok}`]: 1,
      [`astrocyte_retain_duration_seconds${bank}`]: 3,
      [`astrocyte_recall_duration_seconds${bank}`]: 1,
      [`astrocyte_pii_detected_total{"bank_id":"metered","action":"redact"}`]: 2,
      [`astrocyte_dedup_total{"bank_id":"metered"}`]: 1,
      [`astrocyte_rate_limit_rejections_total{"bank_id":"metered","operation":"recall"}`]: 1,
      [`astrocyte_circuit_breaker_state${JSON.stringify({ provider })}`]: 1,
    });
  });

  it("is switched on by the configuration", async () => {
    const config = { vector_store: "in_memory", embedding_provider: "mock" };
    await using silent = await Astrocyte.fromConfig(config);
    await silent.retain("one", { bankId });
    expect(spans.getFinishedSpans()).toEqual([]);
    await using traced = await Astrocyte.fromConfig({
      ...config,
      observability: { otel_enabled: true },
    });
    await traced.retain("one", { bankId });
    expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual(["astrocyte.retain"]);
    await using counted = await Astrocyte.fromConfig({
      ...config,
      observability: { prometheus_enabled: true },
    });
    spans.reset();
    await counted.recall("one", { bankId });
    expect(spans.getFinishedSpans()).toEqual([]);
    expect(Object.keys(await readMetrics()).join()).toContain("astrocyte_recall_total");
  });

  it("POL-25, HOOK-3: hears nothing of what is stored, asked, answered or found, and neither do hooks and logs", async () => {
    const lines: string[] = [];
    const write = (event: string, data?: object) => void lines.push(event + JSON.stringify(data));
    const logger: Logger = { warn: write, info: write };
    const heard: unknown[] = [];
    const canaries = [
      "CANARY-TEXT",
      "canary@example.com",
      "CANARY-QUERY",
      "CANARY-VALUE",
      "123-45-6789",
    ];
    for (const action of ["redact", "reject", "warn"] as const) {
      const { brain, vectorStore } = createBrain({
        logger,
        telemetry: await openTelemetry(),
        llm: createMockLLM(),
        config: {
          barriers: { pii: { action } },
          dlp: { scan_recall_output: true, scan_reflect_output: true },
          homeostasis: { rate_limits: { recall_per_minute: 1 } },
        },
      });
      for (const type of hookTypes) brain.registerHook(type, (event) => void heard.push(event));
      const text = "CANARY-TEXT canary@example.com ssn 123-45-6789";
      const metadata = { password: "CANARY-VALUE", note: "CANARY-VALUE" };
      for (let round = 0; round < 2; round += 1) {
        await brain.retain(text, { bankId, metadata }).catch(() => undefined);
        await brain.recall("CANARY-QUERY", { bankId }).catch(() => undefined);
        await brain.reflect("CANARY-QUERY", { bankId }).catch(() => undefined);
      }
      vectorStore.storeVectors = () => Promise.reject(new Error(`cannot store ${text}`));
      await brain.retain(`more ${text}`, { bankId }).catch(() => undefined);
      await brain.forget({ bankId, scope: "all" });
    }
    const told = JSON.stringify([
      lines,
      heard,
      await readMetrics(),
      spans.getFinishedSpans().map(({ name, attributes, status, events }) => ({
        name,
        attributes,
        status,
        events,
      })),
    ]);
    expect(told).toContain("astrocyte.retain");
    expect(told).toContain("pii_types");
    for (const canary of canaries) expect(told).not.toContain(canary);
  });
});
