import Stripe from "stripe";

export function write(url) {
  const { hostname, port } = new URL(url);
  return new Stripe("key", { host: hostname, port, protocol: "http", telemetry: false }).customers.create({
    name: "b-1",
  });
}
