export function Brand() {
  return (
    <span className="flex items-center gap-2 font-semibold tracking-tight">
      <img src="/assets/favicon.svg" alt="" width="22" height="22" className="size-5.5" />
      Temps
    </span>
  );
}
