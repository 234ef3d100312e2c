import { encode } from "uqr";

export interface Picture {
  size: number; // modules to a side, the quiet border included
  path: string; // of an SVG: one square for each dark module
}

// Scanners want four modules of light around.
const border = 4;

export function qrPicture(text: string): Picture {
  const { data, size } = encode(text, { ecc: "M", border });
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return { size, path: squares.join("") };
}
