import { expect, test } from '@jest/globals';
import { expectDirectMessages } from './expectations.js';
import { fileHousehold, limit } from './file-household.js';
import { KillableHousehold } from './killable-household.js';
import { byHand } from './runners.js';
import type { Scene } from './scenes.js';
import { sweepAlone, type Outcome } from './sweep.js';

const household = fileHousehold(() => KillableHousehold.start({}, byHand));

const told = `SELECT 1 FROM notices WHERE kind = 'ownerOfDone' AND subject_id = ? AND delivery_status = 'told'`;

/** The subject owns the account for which somebody else has asked. */
const approved: Scene = {
  async prepare({ home }, { account }) {
    const other = home.discord.addPerson(`Not the owner of ${account}`);
    await (await other.types('/unlock', { user: account })).answer();
    await home.dad.sees(new RegExp(`asks to unlock ${account},`));
  },
  async act(house, { account }) {
    const { dad } = house.home;
    // Approved before the bot died, it is carried on, and there is nothing left to press.
    if (house.request(account)?.state !== 'pending') return;
    await dad.presses('Approve and link', { on: await dad.sees(new RegExp(`asks to unlock ${account},`)) });
  },
  isOver: (row, house) => row?.state === 'done' && house.rows(told, `${row.id}`).length === 1,
};

const toldOnce: Outcome = async (house, subject) => {
  expect((await house.home.jellyfin.signIn(subject.account, subject.password)).status).toBe(200);
  expectDirectMessages(subject, [new RegExp(`^Your Jellyfin account ${subject.account} was unlocked`)]);
};

test(
  'killed anywhere while somebody else is let into an account, its owner hears of that once',
  () => sweepAlone(household(), approved, toldOnce),
  limit,
);
