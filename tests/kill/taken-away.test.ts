import { expect, test } from '@jest/globals';
import { expectDirectMessages, shownPassword } from './expectations.js';
import { fileHousehold, limit } from './file-household.js';
import { KillableHousehold } from './killable-household.js';
import { byHand } from './runners.js';
import { getsPassword, type Scene } from './scenes.js';
import { sweepAlone, type Outcome } from './sweep.js';
import { until } from './until.js';

const halfADayMs = 12 * 3_600_000;
/** By account: the password that is taken away in the end. */
const handedOut = new Map<string, string>();
const household = fileHousehold(() => KillableHousehold.start({ TEMP_PASSWORD_TTL: '24h' }, byHand));

/** Whether there is nothing left to do about a password whose time is over; `dropped`: a reminder that says it is over. */
function isSettled(house: KillableHousehold, requestId: number): boolean {
  const ended =
    'SELECT 1 FROM temp_passwords WHERE request_id = ? AND ended_at IS NOT NULL AND scrubbed_at IS NOT NULL';
  const open = `SELECT 1 FROM notices WHERE kind LIKE 'password%' AND subject_id = ?
    AND (delivery_status = 'due' OR (kind <> 'passwordEnd' AND delivery_status <> 'dropped'))`;
  return house.rows(ended, requestId).length === 1 && house.rows(open, `${requestId}`).length === 0;
}

const reminded = `SELECT 1 FROM notices
  WHERE kind = 'passwordReminder1' AND subject_id = ? AND delivery_status = 'told'`;

const takenAway: Scene = {
  async prepare(house, subject) {
    const { person, account } = subject;
    await getsPassword(house, subject);
    const shown = person.directMessages().flatMap(({ text }) => shownPassword.exec(text)?.[1] ?? []);
    handedOut.set(account, shown[0] ?? '');
    await house.passes(halfADayMs + 60_000);
    house.minute();
    await until(
      () => house.rows(reminded, `${house.request(account)?.id}`)[0],
      () => `not reminded\n${house.told()}`,
    );
    await house.passes(halfADayMs);
  },
  act: async (house) => house.minute(),
  isOver: (row, house) => row !== undefined && isSettled(house, row.id),
};

const nobodyKnowsIt: Outcome = async (house, subject) => {
  const { account, password } = subject;
  for (const known of [handedOut.get(account) ?? '', password, '']) {
    expect((await house.home.jellyfin.signIn(account, known)).status).not.toBe(200);
  }
  expectDirectMessages(subject, [
    /^The temporary password .* was not used in time and does not work any more/,
    /^This reminder is over/,
    /^Your temporary password for child\d+ was not used in time/,
  ]);
  const ends = `SELECT outcome FROM audit WHERE act = 'temporary password' AND account_name = ?`;
  expect(house.rows(ends, account)).toEqual([{ outcome: 'expired' }]);
};

test(
  'killed anywhere while it takes an unused password away, nobody is left with it, and its owner hears of that once',
  () => sweepAlone(household(), takenAway, nobodyKnowsIt),
  limit,
);
