import * as z from "zod";
import { Secret } from "../secret.js";
import { count, revealedText, text } from "./kinds.js";

export const asyncTasksSchema = z.object({
  enabled: z.boolean().default(false).describe("Whether slow work goes to a queue."),
  backend: text.default("pgqueuer").describe("The queue."),
  dsn: revealedText
    .transform((value) => new Secret(value))
    .optional()
    .describe("Where the queue is."),
  install_on_start: z.boolean().default(false).describe("Whether the queue's tables are made."),
  auto_start_worker: z.boolean().default(false).describe("Whether a worker starts by itself."),
  batch_size: count.default(10).describe("Tasks a worker takes at once."),
});
