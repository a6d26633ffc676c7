import { formatMoment, formatPeriod, phaseOf } from "../dates";

interface Props {
  from: string;
  until: string | null;
}

/** "In force since …", with a mark that tells past, running and coming apart without colour too. */
export function Period({ from, until }: Props) {
  const now = new Date();
  const exact = until ? `${formatMoment(from)} – ${formatMoment(until)}` : formatMoment(from);
  return (
    <span class={`period period-${phaseOf(from, until, now)}`} title={exact}>
      {formatPeriod(from, until, now)}
    </span>
  );
}
