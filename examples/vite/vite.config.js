import { defineConfig } from "vite";

/** Same-origin access to the service; in production the server of the page does this. */
const proxy = {
  "/cloud": {
    target: process.env.DCS_ENDPOINT ?? "https://dcs.eu-de.otc.t-systems.com",
    changeOrigin: true,
    rewrite: (path) => path.replace(/^\/cloud/, ""),
  },
};

export default defineConfig({ server: { proxy }, preview: { proxy } });
