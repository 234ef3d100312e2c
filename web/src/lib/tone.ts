// What a colour says.
export type Tone = "neutral" | "good" | "bad" | "wait" | "accent";
