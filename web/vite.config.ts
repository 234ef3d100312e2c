import { fileURLToPath } from "node:url";

import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react(), tailwind()],
  resolve: {
    alias: {
      "@": here("./src"),
      // The original puts <style> elements into the page, which the Content-Security-Policy refuses.
      "react-style-singleton": here("./src/lib/style-singleton.ts"),
    },
  },
  build: {
    outDir: here("../build/web/dist"),
    emptyOutDir: true,
    target: "es2022",
    // Nothing may become a data: URL or an inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
    reportCompressedSize: false,
  },
  server: {
    // `npm run dev` shows the console of a `temps up` on its usual port.
    proxy: { "/api": { target: "http://localhost:8080", changeOrigin: false } },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}", "bundle/**/*.test.{ts,mjs}"],
    restoreMocks: true,
  },
});
