import type { ServerSchedule } from '../store/server-user.js';

const everyday = 7;
const weekday = 8;
const weekend = 9;

/** Whether somebody may sign in at this moment, in the server's local time; no schedule at all means always. */
export function scheduleAllows(schedules: readonly ServerSchedule[], now: Date): boolean {
  if (schedules.length === 0) return true;
  const hour = now.getHours() + now.getMinutes() / 60 + now.getSeconds() / 3600;
  return schedules.some((s) => isDay(s.day, now.getDay()) && hour >= s.startHour && hour <= s.endHour);
}

function isDay(scheduled: number, today: number): boolean {
  const isWeekend = today === 0 || today === 6;
  if (scheduled === everyday) return true;
  if (scheduled === weekday) return !isWeekend;
  if (scheduled === weekend) return isWeekend;
  return scheduled === today;
}
