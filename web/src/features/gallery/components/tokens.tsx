import { cx } from "@/lib/class-names";

const colours = [
  ["page", "bg-page"],
  ["surface", "bg-surface"],
  ["raised", "bg-raised"],
  ["sunken", "bg-sunken"],
  ["hover", "bg-hover"],
  ["line", "bg-line"],
  ["line-strong", "bg-line-strong"],
  ["accent-fill", "bg-accent-fill"],
  ["accent-soft", "bg-accent-soft"],
  ["good-soft", "bg-good-soft"],
  ["wait-soft", "bg-wait-soft"],
  ["bad-soft", "bg-bad-soft"],
  ["bad-fill", "bg-bad-fill"],
] as const;

const texts = [
  ["text", "text-text"],
  ["muted", "text-muted"],
  ["faint", "text-faint"],
  ["accent", "text-accent"],
  ["good", "text-good"],
  ["wait", "text-wait"],
  ["bad", "text-bad"],
] as const;

export function Tokens() {
  return (
    <>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(7rem,1fr))] gap-3">
        {colours.map(([name, className]) => (
          <li key={name} className="grid gap-1.5">
            <span className={cx("h-10 rounded-lg border border-line", className)} />
            <span className="text-xs text-muted">{name}</span>
          </li>
        ))}
      </ul>
      <p className="flex flex-wrap gap-x-5 gap-y-1">
        {texts.map(([name, className]) => (
          <span key={name} className={className}>
            {name}
          </span>
        ))}
      </p>
      <div className="grid gap-1">
        <p className="text-2xl font-semibold tracking-tight">A figure, 24 px</p>
        <p className="text-xl font-semibold tracking-tight">A page's title, 20 px</p>
        <p className="text-[0.9375rem] font-semibold">A card's title, 15 px</p>
        <p>Text, 14 px: Temps makes your own server a deployment platform.</p>
        <p className="text-[0.8125rem] text-muted">Side notes and labels, 13 px</p>
        <p className="font-mono text-[0.8125rem]">git push temps main</p>
      </div>
    </>
  );
}
