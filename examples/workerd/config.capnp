using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "internet", network = .network)],
  sockets = [(name = "http", address = "127.0.0.1:8787", http = (), service = "main")],
);

# "local" is for the rehearsal alone.
const network :Workerd.Network = (allow = ["public", "local"], tlsOptions = (trustBrowserCas = true));

const main :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "dist/worker.js")],
  bindings = [
    (name = "TENCENTCLOUD_REGION", fromEnvironment = "TENCENTCLOUD_REGION"),
    (name = "TENCENTCLOUD_SECRET_ID", fromEnvironment = "TENCENTCLOUD_SECRET_ID"),
    (name = "TENCENTCLOUD_SECRET_KEY", fromEnvironment = "TENCENTCLOUD_SECRET_KEY"),
    (name = "TENCENTCLOUD_REDIS_ENDPOINT", fromEnvironment = "TENCENTCLOUD_REDIS_ENDPOINT"),
    (name = "WORKER_TOKEN", fromEnvironment = "WORKER_TOKEN"),
  ],
  compatibilityDate = "2026-11-01",
);
