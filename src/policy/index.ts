export {
  enforceTokenBudget,
  heuristicTokenCount,
  type BudgetedHits,
  type TokenCounter,
} from "./tokens.js";
