import type { Completion, Message, ToolCall } from "../../../dto/llm.js";
import type { MemoryHit } from "../../../dto/recall.js";
import type { ReflectRequest } from "../../../dto/reflect.js";
import { AstrocyteError } from "../../../errors.js";
import type { LLMProvider } from "../../../spi/llm-provider.js";
import { isDoneTool, normaliseToolName } from "../../llm/tool-name.js";
import type { Pipeline } from "../../pipeline.js";
import type { RecallCallOptions } from "../../recall/recall.js";
import type { Framing } from "../prompt.js";
import type { ReflectLog } from "../reflect-log.js";
import { agentMessages } from "./agent-messages.js";
import { doneTool, readDoneCall } from "./done-call.js";
import { EvidencePool } from "./evidence-pool.js";
import { evidenceText } from "./evidence-text.js";
import { modelsTool } from "./models-tool.js";
import { expandTool, observationsTool, recallTool, type SearchContext } from "./search-tools.js";
import type { Tool } from "./tool.js";

const turnTokens = 1024;

export interface ToolGround {
  /** The evidence that is there already. */
  readonly hits: readonly MemoryHit[];
  readonly framing: Framing;
  readonly log: ReflectLog;
}

export interface Researched {
  /** Absent when the model did not come to an answer; then the hits are what it found. */
  readonly answer?: string;
  readonly hits: readonly MemoryHit[];
}

/** The tools that something stands behind. */
async function toolsFor(
  context: SearchContext,
  hits: readonly MemoryHit[],
  searchSize: number,
): Promise<Map<string, Tool>> {
  const observations = await observationsTool(context).catch((error: unknown) => {
    context.options.signal?.throwIfAborted();
    context.log.fail("search_observations", error);
    return undefined;
  });
  const tools = [
    recallTool(context, searchSize),
    observations,
    modelsTool(context),
    expandTool(context, hits),
  ].filter((tool) => tool !== undefined);
  return new Map(tools.map((tool) => [tool.definition.name, tool]));
}

/** What a tool answers to a call, with what it found put into the pool. A failing tool says so, and fails nothing else. */
async function answerCall(
  tools: ReadonlyMap<string, Tool>,
  { name, arguments: args }: ToolCall,
  pool: EvidencePool,
  { log, options }: SearchContext,
): Promise<string> {
  const toolName = normaliseToolName(name);
  const tool = tools.get(toolName);
  if (tool === undefined) return JSON.stringify({ error: `unknown tool: ${toolName}` });
  try {
    const hits = await tool.run(args);
    pool.add(hits);
    // Only what the pool has room for: what is not in it cannot be cited.
    return evidenceText(hits.filter(({ memoryId = "" }) => pool.get(memoryId) !== undefined));
  } catch (error) {
    options.signal?.throwIfAborted();
    const isTheModels =
      AstrocyteError.isInstance(error) && error.code === "ASTROCYTE_INVALID_ARGUMENT";
    if (isTheModels) return JSON.stringify({ error: error.message });
    log.fail(toolName, error);
    return JSON.stringify({ error: "the search failed" });
  }
}

/** One model call; undefined when it failed. */
async function askTurn(
  llm: LLMProvider,
  messages: readonly Message[],
  tools: ReadonlyMap<string, Tool>,
  { log, options: { signal } }: SearchContext,
): Promise<Completion | undefined> {
  try {
    const completion = await llm.complete(messages, {
      maxTokens: turnTokens,
      temperature: 0,
      tools: [...[...tools.values()].map(({ definition }) => definition), doneTool],
      signal,
    });
    log.addCall(completion);
    return completion;
  } catch (error) {
    signal?.throwIfAborted();
    log.addUsage({ calls: 1, inputTokens: 0, outputTokens: 0 });
    log.fail("agentic_reflect", error);
    return undefined;
  }
}

/**
 * Lets the model search for more evidence, turn by turn, until it answers. When it calls no tool, fails, or runs out of turns,
 * there is no answer, and the evidence found so far. Off, and without evidence to begin with, no model is called.
 *
 * @remarks Contract 05 section 9.7.
 */
export async function reflectWithTools(
  pipeline: Pipeline,
  llm: LLMProvider,
  request: ReflectRequest,
  { hits, framing, log }: ToolGround,
  options: RecallCallOptions,
): Promise<Researched> {
  const { agent } = pipeline.reflectSettings;
  if (agent === undefined || hits.length === 0) return { hits };
  const context: SearchContext = { pipeline, request, log, options };
  const tools = await toolsFor(context, hits, agent.searchSize);
  const pool = new EvidencePool(hits, agent.maxEvidence);
  const messages = agentMessages(request.query, hits, framing);
  for (let turn = 0; turn < agent.maxTurns; turn += 1) {
    options.signal?.throwIfAborted();
    const completion = await askTurn(llm, messages, tools, context);
    const calls = completion?.toolCalls ?? [];
    const done = calls.find(({ name }) => isDoneTool(name));
    if (done !== undefined) {
      const { answer, citedIds } = readDoneCall(done);
      // The contract takes a blank answer for one.
      const isAnswer = answer !== "" || pipeline.options.preset === "reference";
      return isAnswer ? { answer, hits: pool.cited(citedIds) } : { hits: pool.hits };
    }
    if (calls.length === 0) break;
    messages.push({ role: "assistant", content: completion?.text ?? "", toolCalls: calls });
    for (const call of calls) {
      const content = await answerCall(tools, call, pool, context);
      messages.push({ role: "tool", content, toolCallId: call.id });
    }
  }
  return { hits: pool.hits };
}
