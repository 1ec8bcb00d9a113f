import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { afterEach, describe, expect, it } from "vitest";
import { openTelemetry } from "../src/open-telemetry.js";

function registerProvider() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000_000 });
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));
  return async () => {
    await reader.forceFlush();
    return exporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap((scope) => scope.metrics.map(({ descriptor }) => descriptor.name));
  };
}

describe("openTelemetry", () => {
  afterEach(() => metrics.disable());

  it("reports to providers that are registered after it, and to their successors", async () => {
    const telemetry = await openTelemetry();
    telemetry.count("too_early", {});
    const readFirst = registerProvider();
    telemetry.count("astrocyte_retain_total", { bank_id: "b" });
    telemetry.recordSeconds("astrocyte_retain_duration_seconds", 1, {});
    expect(await readFirst()).toEqual([
      "astrocyte_retain_total",
      "astrocyte_retain_duration_seconds",
    ]);
    metrics.disable();
    const readSecond = registerProvider();
    telemetry.gauge("astrocyte_circuit_breaker_state", 1, {});
    telemetry.count("astrocyte_retain_total", { bank_id: "b" });
    expect(await readSecond()).toEqual([
      "astrocyte_circuit_breaker_state",
      "astrocyte_retain_total",
    ]);
  });
});
