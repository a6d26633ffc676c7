// Dates as people read them. A rule's date is a moment at midnight UTC and is shown as that day;
// any other moment is shown in the reader's own time zone.

const language = preferredEnglish(typeof navigator === "undefined" ? [] : navigator.languages);

// The pages are in English; the reader's English (en-US, en-GB, …) decides the order of day and month.
export function preferredEnglish(languages: readonly string[]): string {
  return languages.find((tag) => tag === "en" || tag.startsWith("en-")) ?? "en-GB";
}

const isDay = (moment: Date) => moment.getTime() % 86_400_000 === 0;

/** "1 January 2026". An unreadable date is shown as it came. */
export function formatDay(iso: string, locale = language, zone?: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  const timeZone = isDay(moment) ? "UTC" : zone;
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", ...(timeZone ? { timeZone } : {}) }).format(
    moment,
  );
}

/** "22 Nov 2026, 19:40", or the day alone for a moment at midnight UTC. */
export function formatMoment(iso: string, locale = language, zone?: string): string {
  const moment = new Date(iso);
  if (Number.isNaN(moment.getTime())) return iso;
  if (isDay(moment)) return formatDay(iso, locale);
  const options: Intl.DateTimeFormatOptions = { dateStyle: "medium", timeStyle: "short" };
  return new Intl.DateTimeFormat(locale, zone ? { ...options, timeZone: zone } : options).format(moment);
}

/** What a period means at a moment: past, running or still to come. */
export type Phase = "was" | "is" | "will";

export function phaseOf(from: string, until: string | null, now: Date): Phase {
  if (now < new Date(from)) return "will";
  return until !== null && now >= new Date(until) ? "was" : "is";
}

/** "In force since 1 January 2026", "In force from … to …", "Takes effect on …". */
export function formatPeriod(
  from: string,
  until: string | null,
  now: Date,
  locale = language,
  zone?: string,
): string {
  const start = formatDay(from, locale, zone);
  const end = until === null ? "" : formatDay(until, locale, zone);
  switch (phaseOf(from, until, now)) {
    case "will":
      return end ? `Takes effect on ${start}, until ${end}` : `Takes effect on ${start}`;
    case "was":
      return `Was in force from ${start} to ${end}`;
    case "is":
      return end ? `In force since ${start}, until ${end}` : `In force since ${start}`;
  }
}

/** Today as a date input wants it: YYYY-MM-DD in the reader's time zone. */
export function today(now = new Date()): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
