const sensitiveParts = [
  "api_key",
  "password",
  "token",
  "secret",
  "dsn",
  "connection_string",
  "credentials",
  "auth",
  "jwks_url",
  "jwks_uri",
  "issuer",
  "audience",
];

/**
 * Whether a setting may hold a secret, by its dotted path.
 *
 * @remarks The contract's list, spec 03 section 1, where it decides about unset environment variables. It is broad on purpose:
 *   `recall_max_tokens` counts too.
 */
export function isSensitivePath(path: string): boolean {
  const spelling = path.toLowerCase();
  return sensitiveParts.some((part) => spelling.includes(part));
}
