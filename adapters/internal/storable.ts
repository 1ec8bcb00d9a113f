import { InvalidArgumentError } from "astrocyte";

/**
 * Text as every store gives it back unharmed: libSQL's driver cuts a text at NUL, PostgreSQL refuses NUL, and UTF-8 has no lone
 * surrogates. Both become U+FFFD.
 */
export function storable(text: string): string {
  return text.replaceAll("\0", "\uFFFD").replaceAll(/\p{Surrogate}/gu, "\uFFFD");
}

export function storableOrNull(text: string | undefined): string | null {
  return text === undefined ? null : storable(text);
}

/**
 * Checks an id. Ids are never altered, since two of them could then become one.
 *
 * @throws InvalidArgumentError when it holds NUL or a lone surrogate.
 */
export function storableId(id: string, name: string): string {
  if (storable(id) === id) return id;
  throw new InvalidArgumentError(`${name}: an id holds no NUL character and no lone surrogate`);
}
