import { InvalidArgumentError, type ContentPart, type Message } from "astrocyte";
import type { LangChainContentBlock, LangChainMessageDict } from "./langchain-like.js";

function required(value: string | undefined, path: string): string {
  if (value === undefined) throw new InvalidArgumentError(`${path}: required`);
  return value;
}

/** Images in OpenAI's form and audio in LangChain's: the ones that most providers convert. */
function toContentBlock(part: ContentPart, path: string): LangChainContentBlock {
  switch (part.type) {
    case "text":
      return { type: "text", text: part.text ?? "" };
    case "image_url":
      return { type: "image_url", image_url: { url: required(part.imageUrl, `${path}.imageUrl`) } };
    case "image_base64": {
      const data = required(part.imageBase64, `${path}.imageBase64`);
      const mediaType = part.mediaType ?? "image/png";
      return { type: "image_url", image_url: { url: `data:${mediaType};base64,${data}` } };
    }
    case "audio_url": {
      const url = required(part.audioUrl, `${path}.audioUrl`);
      return {
        type: "audio",
        source_type: "url",
        url,
        ...(part.mediaType === undefined ? {} : { mime_type: part.mediaType }),
      };
    }
    case "audio_base64": {
      const data = required(part.audioBase64, `${path}.audioBase64`);
      const mediaType = part.mediaType ?? "audio/wav";
      return { type: "audio", source_type: "base64", data, mime_type: mediaType };
    }
  }
  return part.type satisfies never;
}

function toMessageDict(message: Message, path: string): LangChainMessageDict {
  const content =
    typeof message.content === "string"
      ? message.content
      : message.content.map((part, index) => toContentBlock(part, `${path}.content[${index}]`));
  return {
    role: message.role,
    content,
    ...(message.name === undefined ? {} : { name: message.name }),
    ...(message.role === "assistant" && message.toolCalls !== undefined
      ? {
          tool_calls: message.toolCalls.map(({ id, name, arguments: args }) => ({
            type: "tool_call" as const,
            id,
            name,
            args,
          })),
        }
      : {}),
    ...(message.role === "tool"
      ? { tool_call_id: required(message.toolCallId, `${path}.toolCallId`) }
      : {}),
  };
}

/**
 * Messages as `invoke` takes them. Base64 parts without a media type are taken as PNG and WAV.
 *
 * @throws InvalidArgumentError for a part without its data, and a tool message without `toolCallId`.
 */
export function toLangChainMessages(messages: readonly Message[]): LangChainMessageDict[] {
  return messages.map((message, index) => toMessageDict(message, `messages[${index}]`));
}
