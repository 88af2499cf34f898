import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** How a server of its own process is started, kept beside its folder so that it can be started the same way again. */
export interface ServerPlan {
  readonly version: string;
  readonly port: number;
  /** What the process is called. */
  readonly title: string;
  readonly pid?: number;
}

const fileOf = (dir: string) => `${join(dir)}.plan.json`;

export function readPlan(dir: string): ServerPlan {
  return JSON.parse(readFileSync(fileOf(dir), 'utf8')) as ServerPlan;
}

/** Whole at any moment: whoever starts the server reads it while the server writes its number into it. */
export function writePlan(dir: string, plan: ServerPlan): void {
  const part = `${fileOf(dir)}.${process.pid}`;
  writeFileSync(part, JSON.stringify(plan));
  renameSync(part, fileOf(dir));
}

export function withPid(dir: string, pid: number): void {
  writePlan(dir, { ...readPlan(dir), pid });
}
