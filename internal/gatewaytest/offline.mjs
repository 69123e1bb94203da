// Preloaded into every node process: connections to anything but this machine
// fail, so that no test reaches a provider, a registry or a chat service.
import net from "node:net";
import { syncBuiltinESMExports } from "node:module";

const connect = net.Socket.prototype.connect;

function isLocal(args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  if (options === null || typeof options !== "object") {
    return typeof options === "string" || isLoopback(typeof args[1] === "string" ? args[1] : undefined);
  }
  return Boolean(options.path) || isLoopback(options.host);
}

function isLoopback(host) {
  return host === undefined || host === "localhost" || host === "::1" || /^127\./.test(host);
}

net.Socket.prototype.connect = function (...args) {
  if (isLocal(args)) return connect.apply(this, args);
  process.nextTick(() => this.destroy(Object.assign(new Error("offline: the tests stay on this machine"), { code: "ENETUNREACH" })));
  return this;
};
syncBuiltinESMExports();
