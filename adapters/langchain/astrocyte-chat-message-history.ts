import { BaseListChatMessageHistory } from "@langchain/core/chat_history";
import {
  mapChatMessagesToStoredMessages,
  mapStoredMessagesToChatMessages,
  type BaseMessage,
  type StoredMessage,
} from "@langchain/core/messages";
import {
  assertBankId,
  assertProvider,
  CapabilityNotSupportedError,
  InvalidArgumentError,
  StorageError,
  systemClock,
  toTimestamp,
  type Clock,
  type VectorItem,
  type VectorStore,
} from "astrocyte";
import { isRecord } from "./is-record.js";

export interface AstrocyteChatMessageHistoryFields {
  /** Must list, delete and take items without vectors, as those of this package do. */
  readonly store: VectorStore;
  /**
   * A bank for conversations only, best one a user: a transcript is read from it by listing it, and in a bank of memories its
   * messages would be recalled.
   */
  readonly bankId: string;
  readonly sessionId: string;
  readonly clock?: Clock | undefined;
  /** @defaultValue random UUIDs */
  readonly createId?: (() => string) | undefined;
}

const pageSize = 200;
const messageKey = "_message";
const orderKey = "_order";

function isStoredMessage(value: unknown): value is StoredMessage {
  return isRecord(value) && typeof value["type"] === "string" && isRecord(value["data"]);
}

/** By code units, which do not depend on a locale; what two processes wrote at once is ordered by id. */
function compareOrder(a: VectorItem, b: VectorItem): number {
  const [left, right] = [a, b].map(({ id, metadata }) => `${String(metadata?.[orderKey])} ${id}`);
  if (left === undefined || right === undefined || left === right) return 0;
  return left < right ? -1 : 1;
}

function storedMessage({ id, metadata }: VectorItem): StoredMessage {
  const text = metadata?.[messageKey];
  try {
    const parsed: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
    if (isStoredMessage(parsed)) return parsed;
  } catch {
    // Says so below.
  }
  throw new StorageError(
    `The chat message "${id}" cannot be read; delete it, or clear the session`,
  );
}

/**
 * The messages of one session, as they were said, in any store of ours: nothing is redacted, cut or left out as a duplicate, and
 * nothing of it is a memory. Emptying the bank erases it.
 *
 * Messages of several processes in one session are kept, in the order of their clocks.
 */
export class AstrocyteChatMessageHistory extends BaseListChatMessageHistory {
  readonly lc_namespace = ["astrocyte", "chat_history"];
  readonly #store: VectorStore;
  readonly #bankId: string;
  readonly #sessionId: string;
  readonly #clock: Clock;
  readonly #createId: () => string;
  #latest = 0;

  /**
   * @throws ConfigError for a store or a bank id that is none; InvalidArgumentError for an empty session id;
   *   CapabilityNotSupportedError for a store that cannot do what is needed.
   */
  constructor(fields: AstrocyteChatMessageHistoryFields) {
    super();
    const { store, bankId, sessionId, clock = systemClock } = fields;
    assertProvider(store, "VectorStore", "AstrocyteChatMessageHistory: store");
    assertBankId(bankId);
    if (typeof sessionId !== "string" || sessionId === "") {
      throw new InvalidArgumentError("AstrocyteChatMessageHistory: sessionId: expected some text");
    }
    for (const name of ["supportsDelete", "supportsListing", "acceptsEmptyVectors"] as const) {
      if (!store.capabilities[name]) throw new CapabilityNotSupportedError(store.name, name);
    }
    this.#store = store;
    this.#bankId = bankId;
    this.#sessionId = sessionId;
    this.#clock = clock;
    this.#createId = fields.createId ?? (() => crypto.randomUUID());
  }

  override async getMessages(): Promise<BaseMessage[]> {
    const items = await this.#items();
    return mapStoredMessagesToChatMessages(items.toSorted(compareOrder).map(storedMessage));
  }

  override async addMessage(message: BaseMessage): Promise<void> {
    await this.addMessages([message]);
  }

  /** All of them or none. */
  override async addMessages(messages: BaseMessage[]): Promise<void> {
    if (messages.length === 0) return;
    const stored = mapChatMessagesToStoredMessages(messages);
    const now = this.#clock.now();
    await this.#store.storeVectors(
      stored.map((message, index) => ({
        id: this.#createId(),
        bankId: this.#bankId,
        vector: [],
        text: messages[index]?.text || `[${message.type}]`,
        retainedAt: toTimestamp(now),
        metadata: {
          session_id: this.#sessionId,
          [orderKey]: this.#nextOrder(now),
          [messageKey]: JSON.stringify(message),
        },
      })),
    );
  }

  override async clear(): Promise<void> {
    const ids = (await this.#items()).map(({ id }) => id);
    if (ids.length > 0) await this.#store.delete(ids, { bankId: this.#bankId });
  }

  /** Grows with every message, also within a millisecond and when the clock is set back. */
  #nextOrder(now: number): string {
    this.#latest = Math.max(this.#latest + 1, now * 1000);
    return String(this.#latest).padStart(17, "0");
  }

  async #items(): Promise<VectorItem[]> {
    const bankId = this.#bankId;
    const found: VectorItem[] = [];
    for (let offset = 0; ; offset += pageSize) {
      const page = await this.#store.listVectors({ bankId, offset, limit: pageSize });
      found.push(
        ...page.filter(
          (item) => item.bankId === bankId && item.metadata?.["session_id"] === this.#sessionId,
        ),
      );
      if (page.length < pageSize) return found;
    }
  }
}
