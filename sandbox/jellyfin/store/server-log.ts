import { appendFileSync } from 'node:fs';
import { join } from 'node:path';

/** The server's log: a file for each day, every line stamped in the server's own time zone. */
export class ServerLog {
  constructor(
    private readonly serverDir: string,
    private readonly now: () => Date,
    private readonly utcOffsetMinutes: () => number,
  ) {}

  /** Where the lines of this moment go. */
  get path(): string {
    return join(this.serverDir, 'log', `log_${this.#local().slice(0, 10).replaceAll('-', '')}.log`);
  }

  add(level: 'INF' | 'WRN' | 'ERR', source: string, text: string, thread = 11): void {
    appendFileSync(this.path, this.line(level, source, text, thread));
  }

  line(level: string, source: string, text: string, thread: number): string {
    const offset = this.utcOffsetMinutes();
    const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60];
    const zone = [hours, minutes].map((part) => String(part).padStart(2, '0')).join(':');
    const stamp = this.#local().replace('T', ' ').replace('Z', '');
    return `[${stamp} ${offset < 0 ? '-' : '+'}${zone}] [${level}] [${thread}] ${source}: ${text}\n`;
  }

  #local(): string {
    return new Date(this.now().getTime() + this.utcOffsetMinutes() * 60_000).toISOString();
  }
}
