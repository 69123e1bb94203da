// Drives the product's own reader and writer of transcripts:
//   product.mjs MODULES build DIRECTORY   writes a session with the secret of stdin, says where
//   product.mjs MODULES load FILE         says what the product reads from it and would send
//   product.mjs MODULES lock FILE         locks it as for a turn, until stdin ends, and then archives it
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [modules, command, path] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(`${modules}/${file}`).href);
const { SessionManager } = await load("@mariozechner/pi-coding-agent/dist/core/session-manager.js");

const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0, totalTokens: 2, cost: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, total: 0 } };
const models = {
    anthropic: { api: "anthropic-messages", provider: "anthropic", id: "claude-opus-4-5" },
    bedrock: { api: "bedrock-converse-stream", provider: "amazon-bedrock", id: "anthropic.claude-opus-4-5" },
    google: { api: "google-generative-ai", provider: "google", id: "gemini-2.5-pro" },
    gemini3: { api: "google-generative-ai", provider: "google", id: "gemini-3-pro" },
    openai: { api: "openai-responses", provider: "openai", id: "gpt-5.2" },
    completions: { api: "openai-completions", provider: "deepseek", id: "deepseek-reasoner" },
};
const streams = {
    "anthropic-messages": ["anthropic", "streamAnthropic"],
    "bedrock-converse-stream": ["amazon-bedrock", "streamBedrock"],
    "google-generative-ai": ["google", "streamGoogle"],
    "openai-responses": ["openai-responses", "streamOpenAIResponses"],
    "openai-completions": ["openai-completions", "streamOpenAICompletions"],
};

function build(secret, image) {
    const session = SessionManager.create("/home/sam/clawd", path);
    const say = (text) => session.appendMessage({ role: "user", content: [{ type: "text", text }], timestamp: 1 });
    const answer = (model, call, ...content) => {
        content.push({ type: "toolCall", id: call, name: "exec", arguments: { command: `echo ${secret}`, id: secret }, ...(model === "google" || model === "gemini3" ? { thoughtSignature: "Z2NhbGw=" } : {}) });
        const { id, ...rest } = models[model];
        session.appendMessage({ role: "assistant", content, ...rest, model: id, usage, stopReason: "toolUse", timestamp: 1 });
        session.appendMessage({
            role: "toolResult", toolCallId: call, toolName: "exec", isError: false, timestamp: 1,
            content: [{ type: "text", text: `K=${secret}\n${JSON.stringify({ a: secret })}` }, { type: "image", data: image, mimeType: "image/png" }],
            details: { status: "completed", aggregated: `K=${secret}` },
        });
    };
    const thought = (thinkingSignature) => ({ type: "thinking", thinking: `I use ${secret} now`, thinkingSignature });
    const text = (textSignature) => ({ type: "text", text: `It is ${secret}`, ...(textSignature ? { textSignature } : {}) });
    const item = { id: "rs_1", type: "reasoning", summary: [{ type: "summary_text", text: `I use ${secret} now` }], encrypted_content: "gAAAAsecret" };

    session.appendModelChange("anthropic", "claude-opus-4-5");
    session.appendThinkingLevelChange("low");
    session.appendCustomEntry("model-snapshot", { timestamp: 1, provider: "anthropic", modelApi: "anthropic-messages", modelId: "claude-opus-4-5" });
    const first = say(`my key "${secret}" thanks`);
    answer("anthropic", "toolu_1", thought("RXJ0Y2"), text());
    answer("anthropic", "toolu_2", { type: "thinking", thinking: "nothing to hide", thinkingSignature: "RXJ0Y3" });
    answer("bedrock", "tooluse_1", thought("RXJ0Y4"), text());
    answer("google", "call_1", thought("Z3Rob3VnaHQ="), text("Z3RleHQ="));
    answer("gemini3", "call_2", thought("Z3Rob3VnaHQ="));
    answer("openai", "call_3|fc_1", thought(JSON.stringify(item)), text("msg_1"));
    answer("completions", "call_4", thought("reasoning_content"));
    session.appendMessage({ role: "bashExecution", command: `echo ${secret}`, output: secret, exitCode: 0, cancelled: false, truncated: false, timestamp: 1 });
    session.appendCustomMessageEntry("note", [{ type: "text", text: secret }], true, { secret });
    session.appendLabelChange(first, `label ${secret}`);
    session.appendSessionInfo(`name ${secret}`);
    session.branchWithSummary(session.getLeafId(), `branch ${secret}`, { secret });
    session.appendCompaction(`summary ${secret}`, first, 100, { secret });
    say(`once more ${secret}`);
    return { file: session.getSessionFile() };
}

// payload returns what would be sent to a provider. Nothing is: the hook throws.
async function payload(model, messages) {
    const [file, name] = streams[model.api];
    const stream = (await load(`@mariozechner/pi-ai/dist/providers/${file}.js`))[name];
    const full = { ...model, name: model.id, baseUrl: "http://127.0.0.1:9", reasoning: true, input: ["text", "image"], cost: {}, contextWindow: 200000, maxTokens: 1000 };
    return new Promise((resolve) => {
        stream(full, { messages }, { apiKey: "none", onPayload: (sent) => { resolve(sent); throw new Error("not sent"); } });
    });
}

async function read() {
    const { convertToLlm } = await load("@mariozechner/pi-coding-agent/dist/core/messages.js");
    const { sanitizeSessionMessagesImages } = await load("clawdbot/dist/agents/pi-embedded-helpers/images.js");
    const session = SessionManager.open(path);
    const context = session.buildSessionContext();
    const messages = await sanitizeSessionMessagesImages(convertToLlm(context.messages), "session:history", { sanitizeMode: "full", preserveSignatures: true });
    const sent = {};
    for (const [name, model] of Object.entries(models)) {
        sent[name] = JSON.stringify(await payload(model, messages));
    }
    return { header: session.getHeader(), entries: session.getEntries(), leaf: session.getLeafId(), name: session.getSessionName(), context: context.messages, sent };
}

// hold locks a transcript, and leaves an archived one and a lock as after a crash.
async function hold() {
    const { acquireSessionWriteLock } = await load("clawdbot/dist/agents/session-write-lock.js");
    const { archiveFileOnDisk } = await load("clawdbot/dist/gateway/session-utils.fs.js");
    const { resolveSessionTranscriptPath } = await load("clawdbot/dist/config/sessions/paths.js");
    await acquireSessionWriteLock({ sessionFile: path });
    process.stdout.write(JSON.stringify({ pid: process.pid, file: resolveSessionTranscriptPath("9e67", "main", "1700.5 \u00fc") }) + "\n");
    for await (const part of process.stdin) void part;
    process.stdout.write(JSON.stringify({ file: archiveFileOnDisk(path, "deleted") }));
    process.exit(0);
}

if (command === "lock") {
    await hold();
}
const input = command === "build" ? JSON.parse(readFileSync(0, "utf8")) : {};
const result = command === "build" ? build(input.secret, input.image) : await read();
process.stdout.write(JSON.stringify(result));
