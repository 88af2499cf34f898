import type { ServerSchedule } from '../store/server-user.js';

const everyday = 7;
const weekday = 8;
const weekend = 9;

/** Whether somebody may sign in at this moment, in the server's local time; no schedule at all means always. */
export function scheduleAllows(schedules: readonly ServerSchedule[], now: Date, utcOffsetMinutes: number): boolean {
  if (schedules.length === 0) return true;
  const there = new Date(now.getTime() + utcOffsetMinutes * 60_000);
  const hour = there.getUTCHours() + there.getUTCMinutes() / 60 + there.getUTCSeconds() / 3600;
  return schedules.some((s) => isDay(s.day, there.getUTCDay()) && hour >= s.startHour && hour <= s.endHour);
}

function isDay(scheduled: number, today: number): boolean {
  const isWeekend = today === 0 || today === 6;
  if (scheduled === everyday) return true;
  if (scheduled === weekday) return !isWeekend;
  if (scheduled === weekend) return isWeekend;
  return scheduled === today;
}
