export {
  createLocalEmbeddings,
  type LocalEmbeddings,
  type LocalEmbeddingsConfig,
} from "./create-local-embeddings.js";
