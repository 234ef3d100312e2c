// The line through `values` in a box of the given size, as an SVG path. Gaps (null) break it. The
// height stands for `most`, or for the largest value where that is more.
export function sparklinePath(values: readonly (number | null)[], width: number, height: number, most = 0): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "";
  const top = Math.max(...known, most);
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const scale = top > 0 ? height / top : 0;
  let path = "";
  let isDown = false;
  values.forEach((value, index) => {
    if (value === null) {
      isDown = false;
      return;
    }
    path += `${isDown ? "L" : "M"}${round(index * step)} ${round(height - value * scale)}`;
    isDown = true;
  });
  return path;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
