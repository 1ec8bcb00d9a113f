import * as z from "zod";
import { text } from "./kinds.js";

const trait = (what: string) => z.int().min(1).max(5).default(3).describe(`${what}, from 1 to 5.`);

export const defaultsSchema = z.object({
  skepticism: trait("How much reflect doubts"),
  literalism: trait("How literally reflect reads"),
  empathy: trait("How much reflect feels with the asker"),
  preferred_fact_types: z.array(text).default([]).describe("A hint without a defined effect."),
  tags: z.array(text).default([]).describe("Tags of every memory."),
});
