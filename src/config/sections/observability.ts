import * as z from "zod";

/** Both need the package `@opentelemetry/api`; metrics carry the names a Prometheus exporter shows. */
export const observabilitySchema = z.object({
  otel_enabled: z.boolean().default(false).describe("Spans and metrics through OpenTelemetry."),
  prometheus_enabled: z
    .boolean()
    .default(false)
    .describe("Metrics, under the names that a Prometheus exporter shows."),
  log_level: z
    .enum(["debug", "info", "warning", "warn", "error"])
    .default("info")
    .describe("The level at which the reference logs."),
});
