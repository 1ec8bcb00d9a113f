export type { BankSelector, NodeConfig } from "./bank-id.js";
export {
  isHuman,
  lastHumanMessage,
  messageText,
  type MessageLike,
  type MessagesState,
} from "./messages.js";
export { recallNode, type RecallNodeOptions, type RecallUpdate } from "./recall-node.js";
export { retainNode, type RetainNodeOptions } from "./retain-node.js";
export { AstrocyteStore, type AstrocyteStoreOptions } from "./astrocyte-store.js";
