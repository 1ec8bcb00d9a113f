import type { Attributes, Meter, MeterProvider } from "@opentelemetry/api";
import { AstrocyteError } from "./errors.js";
import { importPeer } from "./spi/import-peer.js";
import type { Telemetry } from "./telemetry.js";

export interface OpenTelemetryOptions {
  /** @defaultValue true */
  readonly spans?: boolean | undefined;
  /** @defaultValue true */
  readonly metrics?: boolean | undefined;
}

/** Instruments by name: the API warns when one is made twice. */
function instruments(meter: Meter) {
  const counters = new Map<string, ReturnType<Meter["createCounter"]>>();
  const histograms = new Map<string, ReturnType<Meter["createHistogram"]>>();
  const gauges = new Map<string, ReturnType<Meter["createGauge"]>>();
  return {
    counter(name: string) {
      const counter = counters.get(name) ?? meter.createCounter(name);
      counters.set(name, counter);
      return counter;
    },
    histogram(name: string) {
      const histogram = histograms.get(name) ?? meter.createHistogram(name, { unit: "s" });
      histograms.set(name, histogram);
      return histogram;
    },
    gauge(name: string) {
      const gauge = gauges.get(name) ?? meter.createGauge(name);
      gauges.set(name, gauge);
      return gauge;
    },
  };
}

/**
 * Spans and metrics through the global tracer and meter providers of OpenTelemetry, both named `astrocyte`; providers that are
 * registered later are used from then on. An error is
 * recorded by its code only, since a provider's message may quote what was stored.
 *
 * @throws MissingPeerError when `@opentelemetry/api` is not installed.
 */
export async function openTelemetry({
  spans = true,
  metrics = true,
}: OpenTelemetryOptions = {}): Promise<Telemetry> {
  const api = await importPeer(
    "@opentelemetry/api",
    "observability.otel_enabled",
    () => import("@opentelemetry/api"),
  );
  let provider: MeterProvider | undefined;
  let made: ReturnType<typeof instruments> | undefined;
  // Asked for at every call: the host may register its SDK after the brain is built, and an instrument stays with its provider.
  const current = () => {
    const registered = api.metrics.getMeterProvider();
    if (made === undefined || registered !== provider) {
      provider = registered;
      made = instruments(registered.getMeter("astrocyte"));
    }
    return made;
  };
  return {
    async span(name, attributes, run) {
      if (!spans) return run(() => undefined);
      const start: Attributes = { ...attributes };
      const tracer = api.trace.getTracer("astrocyte");
      return tracer.startActiveSpan(name, { attributes: start }, async (span) => {
        try {
          return await run((more) => void span.setAttributes({ ...more }));
        } catch (error) {
          const code = AstrocyteError.isInstance(error) ? error.code : "ERROR";
          span.setStatus({ code: api.SpanStatusCode.ERROR, message: code });
          throw error;
        } finally {
          span.end();
        }
      });
    },
    count: (name, labels) => {
      if (metrics)
        current()
          .counter(name)
          .add(1, { ...labels });
    },
    recordSeconds: (name, seconds, labels) => {
      if (metrics)
        current()
          .histogram(name)
          .record(seconds, { ...labels });
    },
    gauge: (name, value, labels) => {
      if (metrics)
        current()
          .gauge(name)
          .record(value, { ...labels });
    },
  };
}
