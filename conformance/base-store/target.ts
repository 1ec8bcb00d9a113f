import type { ConformanceTarget } from "../target.js";
import type { BaseStoreLike } from "./store-like.js";

/** What a LangGraph store can do beyond keeping values. */
export interface BaseStoreCapabilities {
  /** Whether `search` with a query ranks by similarity, with the store as the target creates it. */
  readonly ranksByQuery: boolean;
  /** Whether the last argument of `put` chooses what is found by a query. */
  readonly honoursIndex: boolean;
}

export interface BaseStoreTarget extends ConformanceTarget<BaseStoreLike> {
  /** Where the store can do less than {@link fullBaseStoreCapabilities}. */
  readonly capabilities?: Partial<BaseStoreCapabilities> | undefined;
  /**
   * Whether to use the store through LangGraph too, which must then be installed.
   *
   * @defaultValue true
   */
  readonly langGraph?: boolean | undefined;
}

/** What a target is taken to do unless it says otherwise. */
export const fullBaseStoreCapabilities: BaseStoreCapabilities = {
  ranksByQuery: true,
  honoursIndex: true,
};

export function withoutRanking({ capabilities }: BaseStoreTarget): string | false {
  return capabilities?.ranksByQuery === false && "ranksByQuery is false";
}

export function withoutIndex(target: BaseStoreTarget): string | false {
  return (
    withoutRanking(target) ||
    (target.capabilities?.honoursIndex === false && "honoursIndex is false")
  );
}

export function withoutLangGraph({ langGraph }: BaseStoreTarget): string | false {
  return langGraph === false && "LangGraph is not to be used";
}
