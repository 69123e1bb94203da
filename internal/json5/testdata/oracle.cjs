// Reads documents, one a line in base64, and answers each with one line: "error",
// or "ok" and the value that npm json5 gives, in the form that canonical() of
// differential_test.go writes too. Usage: node oracle.cjs NODE_MODULES
const { join } = require("node:path");
const JSON5 = require(join(process.argv[2], "json5"));

console.warn = () => {}; // json5 warns of U+2028 within strings

const hex = (text) => Buffer.from(text.toWellFormed(), "utf8").toString("hex");

function number(value) {
  if (Number.isNaN(value)) return "NaN";
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value);
  return bits.toString("hex");
}

function canonical(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return `"${hex(value)}"`;
  if (typeof value !== "object") return String(value);
  const members = Object.entries(value).map(([name, v]) => [hex(name), canonical(v)]);
  if (new Set(members.map(([name]) => name)).size < members.length) throw new Error("ambiguous");
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, v]) => `${name}:${v}`).join(",")}}`;
}

function answer(text) {
  let value;
  try {
    value = JSON5.parse(text);
  } catch {
    return "error";
  }
  try {
    return `ok ${canonical(value)}`;
  } catch {
    return "ambiguous"; // names that differ only in lone surrogates
  }
}

let rest = "";
process.stdin.setEncoding("latin1");
process.stdin.on("data", (chunk) => {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  if (lines.length === 0) return;
  // One write for many answers: a write each would take most of the time.
  const answers = lines.map((line) => answer(Buffer.from(line, "base64").toString("utf8")));
  process.stdout.write(answers.join("\n") + "\n");
});
