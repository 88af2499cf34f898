import type { KillableHousehold } from './killable-household.js';

/** What a message says of an account's pass at the moment it is sent: that it is open, or that it is not. */
const claims: readonly (readonly [RegExp, isOpen: boolean])[] = [
  [/Done: (child\d+) is let in/, true],
  [/has let (child\d+) in /, true],
  [/account (child\d+) is let in/, true],
  [/\*\*(child\d+)\*\* is let in/, true],
  [/(child\d+) is still let in/, true],
  [/Over: (child\d+) was let in/, false],
  [/Closed by now: (child\d+)/, false],
  [/ended it early: your account (child\d+)/, false],
];

/** Holds everything that is said to anybody from now on against the account as it is right then. */
export class ClaimsWatch {
  readonly untrue: string[] = [];
  said = 0;

  constructor({ home }: KillableHousehold, isOpen: (account: string) => boolean) {
    home.discord.onRequest(({ method, path, body }) => {
      const text = JSON.stringify(body ?? '');
      for (const [words, claimsOpen] of claims) {
        const account = words.exec(text)?.[1];
        if (account === undefined) continue;
        this.said += 1;
        if (isOpen(account) !== claimsOpen) this.untrue.push(`${method} ${path}: ${text.slice(0, 300)}`);
      }
    });
  }
}
