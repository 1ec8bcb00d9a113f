import type { Dispositions } from "../../dto/dispositions.js";

/** Lets the model look for evidence by itself, with tools. */
export interface AgentSettings {
  /** Most model calls before it has to answer. */
  readonly maxTurns: number;
  /** Most hits of one search, unless the model asks for another number. */
  readonly searchSize: number;
  /** Most memories of all searches together. */
  readonly maxEvidence: number;
}

/** What the configuration says of the stages of reflect; a stage that is absent is off. */
export interface ReflectSettings {
  /** How memories are read when the caller does not say; it only shows in the prompt. */
  readonly dispositions?: Dispositions | undefined;
  /** Token budget of the evidence. @defaultValue the request's */
  readonly evidenceTokens?: number | undefined;
  readonly agent?: AgentSettings | undefined;
  readonly abstention: {
    /** Whether a call without dispositions abstains when the evidence is weak. */
    readonly isEnabled: boolean;
    /** The similarity that is weak for a neutral skepticism. */
    readonly baseFloor: number;
  };
  readonly premises?: { readonly minConfidence: number } | undefined;
  /** Whether the prompt warns that a question may assume something untrue. */
  readonly warnsOfPremises: boolean;
  /** Whether the model sees the evidence by authority, where authority is configured. */
  readonly showsAuthority: boolean;
}
