import {
  InvalidArgumentError,
  jsonObjectSchema,
  parseShape,
  type ContentPart,
  type Message,
  type ToolCall,
} from "astrocyte";
import { isRecord } from "./is-record.js";

const roles: Readonly<Record<string, Message["role"]>> = {
  human: "user",
  user: "user",
  ai: "assistant",
  assistant: "assistant",
  system: "system",
  developer: "system",
  tool: "tool",
};

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function roleOf(message: Record<string, unknown>, path: string): Message["role"] {
  // A generic message has the type "generic" and says its role.
  const names = [textOf(message["type"]), textOf(message["role"])];
  const role = names.map((name) => roles[name ?? ""]).find((found) => found !== undefined);
  if (role !== undefined) return role;
  throw new InvalidArgumentError(
    `${path}: a message of the type "${names.find((name) => name !== undefined) ?? "unknown"}" cannot be sent; use human, ai, system or tool`,
  );
}

const dataUrl = /^data:([^;,]+);base64,(.+)$/s;

function imagePart(url: string): ContentPart {
  const [, mediaType, imageBase64] = dataUrl.exec(url) ?? [];
  return imageBase64 === undefined
    ? { type: "image_url", imageUrl: url }
    : { type: "image_base64", imageBase64, mediaType };
}

function mediaPart(
  kind: "image" | "audio",
  block: Record<string, unknown>,
): ContentPart | undefined {
  const url = textOf(block["url"]);
  const data = textOf(block["data"]);
  const mediaType = textOf(block["mime_type"]) ?? textOf(block["mimeType"]);
  if (kind === "image") {
    if (url !== undefined) return imagePart(url);
    return data === undefined ? undefined : { type: "image_base64", imageBase64: data, mediaType };
  }
  if (url !== undefined) return { type: "audio_url", audioUrl: url, mediaType };
  return data === undefined ? undefined : { type: "audio_base64", audioBase64: data, mediaType };
}

/** Images and audio in the forms of OpenAI and of LangChain, old and new; undefined for what is none of them. */
function toPart(block: Record<string, unknown>): ContentPart | undefined {
  const { type, text, image_url: image, input_audio: audio } = block;
  switch (type) {
    case "text":
      return typeof text === "string" ? { type: "text", text } : undefined;
    case "image_url": {
      const url = textOf(isRecord(image) ? image["url"] : image);
      return url === undefined ? undefined : imagePart(url);
    }
    case "input_audio": {
      if (!isRecord(audio)) return undefined;
      const mediaType = textOf(audio["format"]);
      return mediaPart("audio", {
        data: audio["data"],
        ...(mediaType === undefined ? {} : { mime_type: `audio/${mediaType}` }),
      });
    }
    case "image":
    case "audio":
      return mediaPart(type, block);
    default:
      return undefined;
  }
}

function contentOf(
  message: Record<string, unknown>,
  role: Message["role"],
  path: string,
): Message["content"] {
  const { content } = message;
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content.flatMap((block: unknown, index): ContentPart[] => {
    if (typeof block === "string") return [{ type: "text", text: block }];
    const part = isRecord(block) ? toPart(block) : undefined;
    if (part !== undefined) return [part];
    // What a model said of its thoughts and its tool calls is no content of ours; the calls stand beside it.
    if (role === "assistant") return [];
    throw new InvalidArgumentError(
      `${path}.content[${index}]: a block of the type "${isRecord(block) ? String(block["type"]) : typeof block}" cannot be sent`,
    );
  });
}

function toolCallsOf(message: Record<string, unknown>, path: string): ToolCall[] {
  const calls: unknown = message["tool_calls"];
  if (!Array.isArray(calls)) return [];
  return calls.map((call: unknown, index) => {
    const { id, name, args } = isRecord(call) ? call : {};
    const where = `${path}.tool_calls[${index}]`;
    if (typeof name !== "string") throw new InvalidArgumentError(`${where}.name: required`);
    return {
      id: textOf(id) ?? `call_${index}`,
      name,
      arguments: parseShape(jsonObjectSchema, args ?? {}, `${where}.args`),
    };
  });
}

function toMessage(message: unknown, path: string): Message {
  if (!isRecord(message)) throw new InvalidArgumentError(`${path}: expected a message`);
  const role = roleOf(message, path);
  const name = textOf(message["name"]);
  const toolCalls = role === "assistant" ? toolCallsOf(message, path) : [];
  const toolCallId = role === "tool" ? textOf(message["tool_call_id"]) : undefined;
  return {
    role,
    content: contentOf(message, role, path),
    ...(name === undefined ? {} : { name }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    ...(toolCallId === undefined ? {} : { toolCallId }),
  };
}

/**
 * Messages of any copy of LangChain's core as a provider of ours takes them.
 *
 * @throws InvalidArgumentError for a message or a content block that has no such form.
 */
export function toAstrocyteMessages(messages: readonly unknown[]): Message[] {
  return messages.map((message, index) => toMessage(message, `messages[${index}]`));
}
