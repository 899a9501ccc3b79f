import http from "node:http";
import net from "node:net";

// A service that notes when each request arrives, behind a link that takes its time: there and back the same, more or
// less, as the arguments say in milliseconds. In a process of its own, so that it counts what a service would count.

const [delay = 0, jitter = 0] = process.argv.slice(2).map(Number);
const arrived: number[] = [];

const service = http.createServer((request, response) => {
  arrived.push(performance.now());
  request.resume().once("end", () => response.end("{}"));
});
service.keepAliveTimeout = 60_000;

const link = net.createServer((client) => {
  const far = net.connect((service.address() as net.AddressInfo).port, "127.0.0.1");
  carry(client, far);
  carry(far, client);
});

/** Bytes stay in their order, as on a network. */
function carry(from: net.Socket, to: net.Socket) {
  let due = 0;
  const later = (act: () => void) => {
    due = Math.max(due, performance.now() + delay + (2 * Math.random() - 1) * jitter);
    setTimeout(act, Math.max(0, due - performance.now()));
  };
  from.setNoDelay(true);
  from.on("data", (chunk) => later(() => to.destroyed || to.write(chunk)));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => to.destroy());
}

service.listen(0, "127.0.0.1", () => {
  link.listen(0, "127.0.0.1", () => process.send?.((link.address() as net.AddressInfo).port));
});
process.once("message", () => process.send?.(arrived, () => process.exit(0)));
process.once("disconnect", () => process.exit(0));
