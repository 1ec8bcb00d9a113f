import type { AstrocyteContext } from "../dto/identity.js";
import type { DocumentSection } from "../dto/structured-document.js";
import type { Instant } from "../options.js";
import type { CallOptions } from "../spi/call-options.js";

/** What every call about mental models and directives takes. */
export interface ModelOptions extends CallOptions {
  readonly bankId: string;
  /** Who calls; needed where access is controlled. */
  readonly context?: AstrocyteContext | undefined;
}

export interface UpsertModelOptions extends ModelOptions {
  readonly title: string;
  /** Markdown. */
  readonly content?: string | undefined;
  /** The content as sections, which wins over `content`; one of them is needed. */
  readonly sections?: readonly DocumentSection[] | undefined;
  /** Whom or what it is about: `bank`, `person:alice`. @defaultValue "bank" */
  readonly scope?: string | undefined;
  /** `general`, `preference`, or a kind of your own. @defaultValue "general" */
  readonly kind?: string | undefined;
  /** The memories that it was made of. */
  readonly sourceIds?: readonly string[] | undefined;
  /** When the sources were said, one for each; of another number they are dropped. */
  readonly sourceTimestamps?: readonly Instant[] | undefined;
}

export interface ListModelOptions extends ModelOptions {
  /** Exactly this scope. */
  readonly scope?: string | undefined;
  /** Exactly this kind. */
  readonly kind?: string | undefined;
}

export interface CreateDirectiveOptions extends ModelOptions {
  /** @defaultValue `directive:` and 12 characters of a new id */
  readonly directiveId?: string | undefined;
  /** Whom or what it is about. @defaultValue "bank" */
  readonly scope?: string | undefined;
}

export interface ListDirectivesOptions extends ModelOptions {
  readonly scope?: string | undefined;
}
