interface Props {
  label: string;
  value: number; // 0 to 1
}

export function Progress({ label, value }: Props) {
  const share = Math.min(1, Math.max(0, value));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      className="h-1.5 overflow-hidden rounded-full bg-hover"
    >
      <div className="h-full rounded-full bg-accent-fill transition-[width]" style={{ width: `${share * 100}%` }} />
    </div>
  );
}
