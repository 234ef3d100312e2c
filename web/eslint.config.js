import { readdirSync } from "node:fs";

import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import typescript from "typescript-eslint";

const features = readdirSync(new URL("./src/features", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

const upwards = { regex: "^\\.\\./\\.\\./", message: "Write @/… instead of climbing." };

// A feature may use ui/ and lib/; what two features share belongs there.
const apart = features.map((name) => ({
  files: [`src/features/${name}/**`],
  rules: {
    "no-restricted-imports": [
      "error",
      {
        patterns: [
          upwards,
          { regex: `^@/features/(?!${name}/)`, message: "A feature does not import another feature." },
          { regex: "^@/app/", message: "app composes features, not the other way round." },
        ],
      },
    ],
  },
}));

export default typescript.config(
  { ignores: ["src/api/schema.ts", "node_modules/"] },
  js.configs.recommended,
  ...typescript.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "max-lines": ["error", { max: 250, skipBlankLines: true, skipComments: true }],
      "no-restricted-imports": ["error", { patterns: [upwards] }],
      "no-restricted-syntax": [
        "error",
        { selector: "ExportAllDeclaration", message: "No barrels: import from the file itself." },
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Show text as text." },
      ],
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/**/queries.ts", "src/**/*.test.{ts,tsx}"],
    rules: {
      "no-restricted-syntax": [
        "error",
        { selector: "ExportAllDeclaration", message: "No barrels: import from the file itself." },
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: "Show text as text." },
        {
          selector: "Property[key.name='queryKey'] > ArrayExpression",
          message: "Query keys stand in the feature's queries.ts.",
        },
      ],
    },
  },
  {
    files: ["src/ui/**", "src/lib/**"],
    rules: {
      "no-restricted-imports": [
        "error",
        { patterns: [upwards, { regex: "^@/(features|app)/", message: "ui and lib know no feature." }] },
      ],
    },
  },
  ...apart,
  {
    files: ["public/**", "bundle/**", "tests/**/*.mjs", "eslint.config.js"],
    languageOptions: {
      globals: {
        process: "readonly", console: "readonly", URL: "readonly", Buffer: "readonly",
        document: "readonly", localStorage: "readonly", getComputedStyle: "readonly", setTimeout: "readonly", clearTimeout: "readonly", globalThis: "readonly", fetch: "readonly",
        window: "readonly", navigator: "readonly", location: "readonly", sessionStorage: "readonly", performance: "readonly",
        requestAnimationFrame: "readonly",
      },
    },
  },
);
