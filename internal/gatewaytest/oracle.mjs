// Answers, for one state directory a line, what the product resolves for it.
//
// Usage: node --permission --allow-fs-read=* --allow-child-process oracle.mjs DIST
// Requests and replies are JSON, one a line, on standard input and output; the
// fields are those of OracleRequest and OracleReply. The product's own modules do
// the work. Nothing is written: node's permission model forbids it, and the calls
// by which the product would save what it just resolved do nothing.
import fs from "node:fs";
import { createRequire, syncBuiltinESMExports } from "node:module";
import path from "node:path";
import readline from "node:readline";
import { pathToFileURL } from "node:url";

const dist = process.argv[2];
const emptyHome = process.env.HOME;
const reply = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr); // the product's own output

for (const name of ["writeFileSync", "appendFileSync", "mkdirSync", "chmodSync", "unlinkSync", "renameSync"]) {
  fs[name] = () => undefined;
}
syncBuiltinESMExports();
// An OAuth refresh locks the store first; without a lock it would retry for 50 s.
createRequire(pathToFileURL(path.join(dist, "index.js")))("proper-lockfile").lock = async () => async () => {};
globalThis.fetch = async () => {
  throw new Error("offline");
};

const load = (name) => import(pathToFileURL(path.join(dist, name)).href);
const { createConfigIO } = await load("config/io.js");
const { resolveConfigPath, resolveStateDir } = await load("config/paths.js");
const { applyPluginAutoEnable } = await load("config/plugin-auto-enable.js");
const { loadDotEnv } = await load("infra/dotenv.js");
const { normalizeEnv } = await load("infra/env.js");
const { resolveGatewayAuth } = await load("gateway/auth.js");
const { ensureAuthProfileStore, resolveApiKeyForProvider } = await load("agents/model-auth.js");
const { listAgentIds, resolveAgentDir } = await load("agents/agent-scope.js");
const { resetCliCredentialCachesForTest } = await load("agents/cli-credentials.js");

// The ids for which agents/model-auth.js reads a variable.
const providersWithVariable = [
  "anthropic", "cerebras", "chutes", "deepgram", "github-copilot", "google", "groq", "kimi-code",
  "minimax", "mistral", "moonshot", "openai", "opencode", "openrouter", "qwen-portal", "synthetic",
  "venice", "vercel-ai-gateway", "xai", "zai",
];

function setEnvironment(env) {
  for (const key of Object.keys(process.env)) delete process.env[key];
  Object.assign(process.env, env);
}

function agentIds(config) {
  const ids = new Set(listAgentIds(config));
  try {
    for (const entry of fs.readdirSync(path.join(resolveStateDir(), "agents"), { withFileTypes: true })) {
      if (entry.isDirectory()) ids.add(entry.name);
    }
  } catch {
    // no agent has run yet
  }
  return [...ids].sort();
}

async function resolveCredentials(config, asked) {
  const credentials = {};
  for (const id of agentIds(config)) {
    const agentDir = resolveAgentDir(config, id);
    const store = ensureAuthProfileStore(agentDir);
    const providers = new Set([
      ...asked,
      ...providersWithVariable,
      ...Object.keys(config.models?.providers ?? {}),
      ...Object.values(store.profiles).map((profile) => profile.provider),
    ]);
    credentials[id] = {};
    for (const provider of [...providers].sort()) {
      try {
        credentials[id][provider] = await resolveApiKeyForProvider({ provider, cfg: config, store, agentDir });
      } catch {
        // no credential for this provider: it is left out
      }
    }
  }
  return credentials;
}

async function resolve(request) {
  const own = { HOME: emptyHome, CLAWDBOT_DISABLE_CONFIG_CACHE: "1" };
  if (request.state) own.CLAWDBOT_STATE_DIR = request.state;
  if (request.config) own.CLAWDBOT_CONFIG_PATH = request.config;
  setEnvironment({ ...own, ...request.env });
  // The cache of plugin manifests does not ask which state directory they are
  // from: it may hold bundled ones only, and those are slow to read.
  if (fs.existsSync(path.join(resolveStateDir(), "extensions"))) own.CLAWDBOT_DISABLE_PLUGIN_MANIFEST_CACHE = "1";
  else own.CLAWDBOT_PLUGIN_MANIFEST_CACHE_MS = "3600000";
  setEnvironment({ ...own, ...request.env });
  process.chdir(request.cwd || process.env.HOME);
  resetCliCredentialCachesForTest();

  // As at the start of every command: the two .env files, then the config.
  loadDotEnv({ quiet: true });
  normalizeEnv();
  const log = [];
  const note = (...args) => log.push(args.map((arg) => arg?.message ?? String(arg)).join(" "));
  const io = createConfigIO({
    env: process.env,
    configPath: resolveConfigPath(),
    logger: { info() {}, debug() {}, warn: note, error: note },
  });
  // The snapshot goes first: loading exports env.vars, and from then on they
  // would satisfy references that they do not satisfy at a start.
  const snapshot = await io.readConfigFileSnapshot();
  const config = io.loadConfig();
  const credentials = await resolveCredentials(config, request.providers ?? []);
  const autoEnable = snapshot.valid ? applyPluginAutoEnable({ config: snapshot.config, env: process.env }).changes : [];

  const env = { ...process.env };
  for (const key of Object.keys(own)) {
    if (!(key in (request.env ?? {})) && env[key] === own[key]) delete env[key];
  }
  return {
    config,
    snapshot: { valid: snapshot.valid, issues: snapshot.issues, config: snapshot.config },
    env,
    credentials,
    gatewayAuth: resolveGatewayAuth({ authConfig: config.gateway?.auth, env: process.env }),
    autoEnable,
    log,
  };
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = await resolve(JSON.parse(line));
  } catch (error) {
    answer = { error: String(error?.stack ?? error) };
  }
  reply(`${JSON.stringify(answer)}\n`);
}
