import { expect } from 'vitest';
import type { KillableHousehold, Subject } from './killable-household.js';

/** The message that shows a temporary password. */
export const shownPassword = /\|\|`([a-z0-9-]+)`\|\|/;

/** Every account but one, as the server has it. */
export function everybodyBut(household: KillableHousehold, account: string, known: readonly string[]): unknown[] {
  return known.filter((name) => name !== account).map((name) => household.home.jellyfin.user(name));
}

/** The rights of an account, without the lock. */
export function rightsOf({ home }: KillableHousehold, account: string) {
  const { IsDisabled, InvalidLoginAttemptCount, ...rights } = home.jellyfin.user(account).Policy;
  return { IsDisabled: typeof IsDisabled, InvalidLoginAttemptCount: typeof InvalidLoginAttemptCount, rights };
}

/** The account opens to the password that the member read last, and to no other that ever was. */
export async function expectOnePassword(household: KillableHousehold, { person, account, password }: Subject) {
  const { jellyfin } = household.home;
  const id = jellyfin.user(account).Id;
  const read = person.messages().flatMap(({ text }) => shownPassword.exec(text)?.[1] ?? []);
  expect(read).not.toEqual([]);
  expect((await jellyfin.signIn(account, read.at(-1) ?? '')).status).toBe(200);
  const made = passwordsSet(household, id).map((call) => call.password);
  for (const other of new Set([...made, ...read, password])) {
    if (other !== read.at(-1)) expect((await jellyfin.signIn(account, other)).status).not.toBe(200);
  }
}

/** After a password was shown, none was made until somebody asked again; `asked` are the moments, as numbers of calls. */
export function expectNoSecondPassword(household: KillableHousehold, asked: readonly number[]) {
  let isShown = false;
  household.gate.passed.forEach((call, index) => {
    if (asked.includes(index)) isShown = false;
    if (!call.done) return;
    if (call.end === 'jellyfin' && call.what === '/Users/Password') {
      if (isShown) throw new Error(`a second password was made:\n${household.told()}`);
    }
    if (call.end === 'discord' && shownPassword.test(call.body)) isShown = true;
  });
}

/** One card in all, showing the end, with nothing left to press; what was done without a card has one line at most. */
export function expectOneCard({ home }: KillableHousehold, { person }: Subject, end: RegExp) {
  const about = home.discord
    .messagesIn(home.discord.adminChannelId)
    .filter(({ text }) => text.includes(person.mention));
  const cards = about.filter(({ text }) => !withoutCard.test(text));
  expect(about.length - cards.length).toBeLessThanOrEqual(1);
  expect(cards.map((card) => card.text)).toEqual([expect.stringMatching(end)]);
  expect(cards[0]?.labels).toEqual([]);
}

const withoutCard = / made a new password for .* and has it\./;

/** What the member was told in direct messages, one pattern for each, oldest first. */
export function expectDirectMessages({ person }: Subject, patterns: readonly RegExp[]) {
  expect(person.directMessages().map(({ text }) => text)).toEqual(patterns.map((each) => expect.stringMatching(each)));
}

/** The end of an approved new password that the member was sent. */
export async function expectNewPassword(household: KillableHousehold, subject: Subject) {
  expectDirectMessages(subject, [/sign in at/]);
  expectOneCard(household, subject, /^Done: .*new password/);
  await expectOnePassword(household, subject);
}

function passwordsSet({ gate }: KillableHousehold, accountId: string) {
  return gate.passed
    .filter((call) => call.done && call.what === '/Users/Password' && call.path.includes(accountId))
    .map((call) => ({ password: (JSON.parse(call.body) as { NewPw: string }).NewPw }));
}
