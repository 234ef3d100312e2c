// What programs write to colour a terminal, told apart from their text.
export interface Piece {
  text: string;
  tone: "plain" | "good" | "bad" | "wait" | "accent" | "faint";
  bold: boolean;
}

const tones: Record<number, Piece["tone"]> = {
  31: "bad", 91: "bad", 32: "good", 92: "good", 33: "wait", 93: "wait",
  34: "accent", 94: "accent", 35: "accent", 95: "accent", 36: "accent", 96: "accent", 90: "faint", 39: "plain",
};

// CSI and OSC sequences, and what is left of other controls.
// eslint-disable-next-line no-control-regex
const sequence = /\u001b\[([0-9;?]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[\u0000-\u0008\u000b-\u001f\u007f]/g;

export function pieces(line: string): Piece[] {
  const found: Piece[] = [];
  let tone: Piece["tone"] = "plain";
  let bold = false;
  let from = 0;
  const add = (text: string) => {
    if (text) found.push({ text, tone, bold });
  };
  for (const match of line.matchAll(sequence)) {
    add(line.slice(from, match.index));
    from = match.index + match[0].length;
    if (match[2] !== "m") continue;
    for (const code of (match[1] || "0").split(";").map(Number)) {
      if (code === 0) [tone, bold] = ["plain", false];
      else if (code === 1) bold = true;
      else if (code === 22) bold = false;
      else if (code === 2) tone = "faint";
      else tone = tones[code] ?? tone;
    }
  }
  add(line.slice(from));
  return found;
}

export function plainText(line: string): string {
  return line.replace(sequence, "");
}
