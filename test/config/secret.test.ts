import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { hideSecrets, revealSecrets } from "../../src/config/hide-secrets.js";
import { maskCredentials } from "../../src/config/secret-text.js";
import { Secret } from "../../src/config/secret.js";

describe("Secret", () => {
  it("gives its value to who asks for it, and to nothing else", () => {
    const secret = new Secret("hunter2");
    const ways = [
      String(secret),
      "".concat(secret as never),
      JSON.stringify({ secret }),
      inspect(secret, { showHidden: true, depth: 9 }),
      format("%s %o %O %j", secret, secret, secret, secret),
      JSON.stringify(Object.getOwnPropertyDescriptors(secret)),
      JSON.stringify(Object.entries(secret)),
    ];
    for (const seen of ways) expect(seen).not.toContain("hunter2");
    expect(secret.reveal()).toBe("hunter2");
  });
});

describe("hideSecrets", () => {
  it.each([
    [{ api_key: "x" }],
    [{ apiKey: "x" }],
    [{ "x-api-key": "x" }],
    [{ auth_token: "x" }],
    [{ password: 12 }],
    [{ deep: { CLIENT_SECRET: ["x"] } }],
    [{ dsn: "x" }],
    [{ anything: "postgres://user:word@host/db" }],
    [{ connectionString: "x" }],
    [{ encryptionKey: "x" }],
    [{ key: "x" }],
    [{ pwd: 5 }],
    [{ "db.salt": "x" }],
    [{ anything: "https://token@host/path" }],
    [{ anything: "https://host/path?a=1&api_key=x" }],
    [{ anything: "host=h port=1 password=x" }],
    [{ anything: "Server=h;Pwd=x" }],
    [{ password: new Date(0) }],
  ])("hides %j, and gives it back", (map) => {
    const hidden = hideSecrets(map);
    expect(JSON.stringify(hidden)).toContain('"***"');
    expect(revealSecrets(hidden)).toEqual(map);
  });

  it.each([
    [{ max_tokens: 5 }],
    [{ path: "x" }],
    [{ url: "https://host/a:b@c" }],
    [{ model: "m" }],
    [{ url: "https://host/path?page=2" }],
    [{ query: "a = 1 and b = 2" }],
    [{ since: new Date(0) }],
  ])("leaves %j", (map) => {
    expect(hideSecrets(map)).toEqual(map);
  });

  it("is quick on an address without end", () => {
    const before = performance.now();
    for (const part of ["a://", "x=", "a b c ", "?a", "://a@", ";a-", "a   ", "'"]) {
      const text = part.repeat(60_000);
      hideSecrets({ text });
      maskCredentials(text);
    }
    hideSecrets({ url: `a://${":".repeat(200_000)}`, other: `a://${"x:".repeat(100_000)}` });
    expect(performance.now() - before).toBeLessThan(2000);
  });
});

describe("maskCredentials", () => {
  it.each([
    ["https://u:p@host/path", "https://***@host/path"],
    ["https://u@host", "https://***@host"],
    ["https://host/?a=1&b=2#c", "https://host/?a=***&b=***#c"],
    ["host=h password=x port=1", "host=h password=*** port=1"],
    ["Server=h;Pwd = 'x y';Port=1", "Server=h;Pwd = ***;Port=1"],
    ["https://host/a:b@c", "https://host/a:b@c"],
    ["plain text, a = b", "plain text, a = b"],
  ])("%j is shown as %j", (text, expected) => {
    expect(maskCredentials(text)).toBe(expected);
  });
});
