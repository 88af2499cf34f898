import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a server does wrong: it is slow, or it shows what a starting one shows. */
export interface ServerTrouble {
  readonly delayMs?: number;
  readonly starting?: boolean;
}

/** How a server of its own process is started, kept beside its folder so that it can be started the same way again. */
interface ServerPlan {
  readonly version: string;
  readonly port: number;
  /** What the process is called. */
  readonly title: string;
  /** How far its clock is ahead of the computer's; looked at all the time, so that it can be moved while the server runs. */
  readonly aheadMs?: number;
  readonly pid?: number;
  /** Where it tells of each call and of who is signed in, as JSON in a POST. */
  readonly reportTo?: string;
  /** What goes wrong at the moment; looked at all the time. */
  readonly trouble?: ServerTrouble;
}

const fileOf = (dir: string) => `${join(dir)}.plan.json`;

export function readPlan(dir: string): ServerPlan {
  return JSON.parse(readFileSync(fileOf(dir), 'utf8')) as ServerPlan;
}

/** Whole at any moment: the server and whoever starts it read and write it at the same time. */
export function writePlan(dir: string, plan: ServerPlan): void {
  const part = `${fileOf(dir)}.${process.pid}`;
  writeFileSync(part, JSON.stringify(plan));
  renameSync(part, fileOf(dir));
}

export function withPid(dir: string, pid: number): void {
  writePlan(dir, { ...readPlan(dir), pid });
}
