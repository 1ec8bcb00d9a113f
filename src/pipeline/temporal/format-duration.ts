/**
 * A number of days as text, in whole units, rounded down and without a sign: "3 weeks". Less than a week is "4 days (less than
 * 1 week)", less than a month "about 2 weeks"; a month has 30 days, a year 365. A unit other than weeks, months and years
 * means days.
 */
export function formatDuration(days: number, unit: string): string {
  const whole = Math.floor(Math.abs(days));
  switch (unit) {
    case "weeks":
      return whole < 7 ? `${whole} days (less than 1 week)` : `${Math.floor(whole / 7)} weeks`;
    case "months":
      return whole < 30
        ? `about ${Math.floor(whole / 7)} weeks`
        : `${Math.floor(whole / 30)} months`;
    case "years":
      return `${Math.floor(whole / 365)} years`;
    default:
      return `${whole} days`;
  }
}
