#!/usr/bin/env node
import { pipeline } from "node:stream/promises";
import { runCli } from "./run-cli.js";

process.exitCode = await runCli(process.argv.slice(2), {
  write: (text) => void process.stdout.write(text),
  writeError: (text) => void process.stderr.write(text),
  writeAll: (pieces) => pipeline(pieces, process.stdout, { end: false }),
  input: process.stdin,
  isInteractive: process.stderr.isTTY,
});
