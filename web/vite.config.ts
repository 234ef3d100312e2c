import { fileURLToPath } from "node:url";

import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// What nearly every page uses is one file, not forty; what few pages use is theirs.
const rare = /\/src\/ui\/(chart|log-view|data-table|stages|sparkline|qr-code|diff-table|new-password-form)\.tsx$/;

function manualChunks(id: string): string | undefined {
  if (rare.test(id) || /\/src\/lib\/(qr|json-diff)\.ts$/.test(id)) return undefined;
  if (/\/src\/(ui|lib)\//.test(id) || id.includes("/lucide-react/")) return "ui";
  return undefined;
}

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
    rollupOptions: { output: { manualChunks } },
  },
  server: {
    // `npm run dev` shows the console of a `temps up` on its usual port, or of the one that is named.
    proxy: { "/api": { target: process.env.TEMPS_URL ?? "http://localhost:8080", changeOrigin: false } },
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}", "bundle/**/*.test.{ts,mjs}"],
    restoreMocks: true,
  },
});
