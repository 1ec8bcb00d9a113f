import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** A chat answer; absent fields get plausible values. */
export interface ChatReply {
  readonly content?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: string }[];
  /** `null` leaves the counts out, as some compatible servers do. */
  readonly usage?: { readonly input: number; readonly output: number } | null;
  readonly model?: string;
  readonly delayMs?: number;
}

/** `hang` never answers; `drop` closes the connection. */
export type Failure = "hang" | "drop" | { readonly status: number; readonly message?: string };

export interface RecordedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Record<string, unknown>;
}

export interface OpenAIServer {
  /** For `configuration: { baseURL }` of the LangChain classes. */
  readonly baseURL: string;
  readonly requests: readonly RecordedRequest[];
  /** The body of the last request. */
  readonly lastBody: Record<string, unknown> | undefined;
  /** Queues the answers of the next chat calls. */
  reply(...replies: readonly (string | ChatReply)[]): void;
  /** Queues failures for the next calls of either kind; they come before replies. */
  fail(...failures: readonly Failure[]): void;
  close(): Promise<void>;
}

const embeddingDimension = 64;

/** A hashed bag of words of length 1; a text without words points along the first axis. */
function hashedVector(text: string, dimension: number): number[] {
  const vector = Array.from({ length: dimension }, () => 0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const bucket = createHash("sha256").update(word).digest().readUInt32BE(0) % dimension;
    vector[bucket] = (vector[bucket] ?? 0) + 1;
  }
  const length = Math.hypot(...vector);
  if (length === 0) return vector.map((_, index) => (index === 0 ? 1 : 0));
  return vector.map((value) => Math.fround(value / length));
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>;
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function echo(body: Record<string, unknown>): string {
  const messages = body["messages"] as { role: string; content: unknown }[];
  const content = messages.findLast(({ role }) => role === "user")?.content ?? "";
  return typeof content === "string" ? content : JSON.stringify(content);
}

function toolCallsOf(reply: ChatReply): object[] | undefined {
  return reply.toolCalls?.map(({ name, arguments: args }, index) => ({
    id: `call_${index}`,
    type: "function",
    function: { name, arguments: args },
  }));
}

function usageOf(reply: ChatReply): object | undefined {
  if (reply.usage === null) return undefined;
  const { input, output } = reply.usage ?? { input: 7, output: 5 };
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function choice(delta: object, finishReason: string | null = null): object {
  return { choices: [{ index: 0, delta, finish_reason: finishReason }] };
}

function sendCompletion(
  response: ServerResponse,
  body: Record<string, unknown>,
  reply: ChatReply,
): void {
  const head = { id: "chatcmpl-1", created: 0, model: reply.model ?? body["model"] };
  const toolCalls = toolCallsOf(reply);
  const finish = toolCalls === undefined ? "stop" : "tool_calls";
  const content = reply.content ?? null;
  const usage = usageOf(reply);
  if (body["stream"] !== true) {
    const message = { role: "assistant", content, refusal: null, tool_calls: toolCalls };
    sendJson(response, 200, {
      ...head,
      object: "chat.completion",
      choices: [{ index: 0, message, finish_reason: finish, logprobs: null }],
      usage,
    });
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (event: object): void => {
    const chunk = { ...head, object: "chat.completion.chunk", ...event };
    response.write(`data: ${JSON.stringify(chunk)}\n\n`);
  };
  send(choice({ role: "assistant", content: "" }));
  for (const piece of (content ?? "").match(/\S+\s*|\s+/g) ?? []) send(choice({ content: piece }));
  if (toolCalls !== undefined) {
    send(choice({ tool_calls: toolCalls.map((call, index) => ({ index, ...call })) }));
  }
  send(choice({}, finish));
  if (usage !== undefined) send({ choices: [], usage });
  response.end("data: [DONE]\n\n");
}

function sendEmbeddings(response: ServerResponse, body: Record<string, unknown>): void {
  const input = body["input"] as string | string[];
  const dimension = (body["dimensions"] as number | undefined) ?? embeddingDimension;
  const data = [input].flat().map((text, index) => {
    const vector = hashedVector(text, dimension);
    const embedding =
      body["encoding_format"] === "base64"
        ? Buffer.from(Float32Array.from(vector).buffer).toString("base64")
        : vector;
    return { object: "embedding", index, embedding };
  });
  const usage = { prompt_tokens: 1, total_tokens: 1 };
  sendJson(response, 200, { object: "list", model: body["model"], data, usage });
}

export interface OpenAIServerOptions {
  /** The answer to a chat call for which none is queued. @defaultValue echoes the last user message */
  readonly answer?: (body: Record<string, unknown>) => ChatReply;
}

/** An OpenAI-compatible server on a free port of the loopback interface. */
export async function startOpenAIServer({
  answer: answerChat = (body) => ({ content: echo(body) }),
}: OpenAIServerOptions = {}): Promise<OpenAIServer> {
  const requests: RecordedRequest[] = [];
  const replies: ChatReply[] = [];
  const failures: Failure[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const path = request.url ?? "";
    requests.push({ path, headers: request.headers, body });
    const failure = failures.shift();
    if (failure === "hang") return;
    if (failure === "drop") {
      request.socket.destroy();
      return;
    }
    if (failure !== undefined) {
      const { status, message = "scripted failure" } = failure;
      sendJson(response, status, { error: { message, type: "scripted", code: null, param: null } });
      return;
    }
    switch (path) {
      case "/v1/chat/completions": {
        const reply = replies.shift() ?? answerChat(body);
        if (reply.delayMs !== undefined) await sleep(reply.delayMs);
        sendCompletion(response, body, reply);
        return;
      }
      case "/v1/embeddings":
        sendEmbeddings(response, body);
        return;
      default:
        sendJson(response, 404, { error: { message: `no route ${path}` } });
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) sendJson(response, 500, { error: { message: String(error) } });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  }

  return {
    baseURL: `http://127.0.0.1:${address.port}/v1`,
    requests,
    get lastBody() {
      return requests.at(-1)?.body;
    },
    reply: (...next) => {
      replies.push(
        ...next.map((reply) => (typeof reply === "string" ? { content: reply } : reply)),
      );
    },
    fail: (...next) => {
      failures.push(...next);
    },
    close,
  };
}
