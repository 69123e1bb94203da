// Runs several commands of the product one after another in one process, since
// most of the two seconds that a command takes go into loading its modules. Each
// goes the way that dist/cli/run-main.js goes; the first that fails ends it all.
//
// Usage: node --input-type=module --eval SCRIPT DIST
// The commands, arrays of arguments, are a JSON array on standard input.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const dist = process.argv.at(-1);
const load = (name) => import(pathToFileURL(path.join(dist, name)).href);
const { loadDotEnv } = await load("infra/dotenv.js");
const { normalizeEnv } = await load("infra/env.js");
const { buildProgram } = await load("cli/program.js");
const { registerSubCliByName } = await load("cli/program/register.subclis.js");

loadDotEnv({ quiet: true });
normalizeEnv();
for (const args of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const program = buildProgram();
  await registerSubCliByName(program, args[0]);
  await program.parseAsync(["node", "clawdbot", ...args]);
}
process.exit(process.exitCode ?? 0);
