import * as z from "zod";

/** Both need the package `@opentelemetry/api`; metrics carry the names a Prometheus exporter shows. */
export const observabilitySchema = z.object({
  otel_enabled: z.boolean().default(false),
  prometheus_enabled: z.boolean().default(false),
  log_level: z.enum(["debug", "info", "warning", "warn", "error"]).default("info"),
});
