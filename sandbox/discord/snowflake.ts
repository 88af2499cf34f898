const DISCORD_EPOCH = 1_420_070_400_000n;

/** Makes Discord's ids: the time in milliseconds since 2015 in the upper bits, never the same twice, always growing. */
export class Snowflakes {
  private last = 0n;

  next(at: number = Date.now()): string {
    const id = (BigInt(at) - DISCORD_EPOCH) << 22n;
    this.last = id > this.last ? id : this.last + 1n;
    return this.last.toString();
  }
}

/** Whether a text has the form of a Discord id. */
export function isSnowflake(text: string): boolean {
  return /^\d{15,20}$/.test(text);
}
