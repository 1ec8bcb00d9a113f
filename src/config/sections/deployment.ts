import * as z from "zod";
import { count, text } from "./kinds.js";

export const deploymentSchema = z.object({
  mode: z.enum(["library", "standalone", "plugin"]).default("library").describe("What serves."),
  host: text.optional().describe("Where it listens."),
  port: count.optional().describe("Where it listens."),
  workers: count.optional().describe("How many processes."),
  cors_origins: z.array(text).optional().describe("Origins that browsers may call from."),
  tls: z
    .object({
      cert_path: text.optional().describe("The certificate's file."),
      key_path: text.optional().describe("The key's file."),
    })
    .optional()
    .describe("How it is encrypted."),
});
