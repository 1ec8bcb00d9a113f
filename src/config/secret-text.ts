import { isSensitivePath } from "./sensitive-path.js";

/** Spellings beside the contract's list; the last is of the ends of names. */
const otherSpellings =
  /api-?key|passphrase|bearer|cookie|salt|signature|authorization|connection-?string|(?:key|pwd|passwd|sig|conn)$/i;

/** Whether a setting whose name is not the contract's may hold a secret, by that name. Broad on purpose. */
export function isSecretName(name: string): boolean {
  return isSensitivePath(name) || otherSpellings.test(name);
}

/** A user name or a password in an address. */
const userInformation = /:\/\/[^\s/?#@]+@/;
const parameter = /[?&;]([^=&?#;\s]+)=/g;
const pair = /(?:^|[\s;,])([A-Za-z][A-Za-z0-9_ -]{0,40}?)\s{0,3}=/g;

function namesSecret(text: string, form: RegExp): boolean {
  return [...text.matchAll(form)].some(([, name = ""]) => isSecretName(name.trim()));
}

/** Whether a text is an address or a connection string with credentials in it. */
export function hasCredentials(text: string): boolean {
  return userInformation.test(text) || namesSecret(text, parameter) || namesSecret(text, pair);
}

/** A text to be shown: of an address, neither who signs in nor the value of any parameter; of pairs, no secret one. */
export function maskCredentials(text: string): string {
  return text
    .replace(/:\/\/[^\s/?#@]+@/g, "://***@")
    .replace(/([?&][^=&?#\s]+=)[^&#\s]+/g, "$1***")
    .replace(
      /(^|[\s;,])([A-Za-z][A-Za-z0-9_ -]{0,40}?)(\s{0,3}=\s{0,3})("[^"]*"|'[^']*'|[^\s;,&]+)/g,
      (whole, before: string, name: string, sign: string) =>
        isSecretName(name.trim()) ? `${before}${name}${sign}***` : whole,
    );
}
