import { expect, test } from 'vitest';
import { changesPolicy } from '../support/in-jellyfin.js';
import { expectDirectMessages, expectOneCard, expectOnePassword } from './expectations.js';
import { fileHousehold, limit } from './file-household.js';
import { KillableHousehold, type Subject } from './killable-household.js';
import type { Scene } from './scenes.js';
import { sweepAlone } from './sweep.js';

/** An account is made what stops its owner, who asks an admin to mend it by a button of `/status`. */
const asks =
  (policy: object, button: string) =>
  async ({ home }: KillableHousehold, { account, person }: Subject) => {
    await changesPolicy(home.jellyfin, account, { IsDisabled: false, InvalidLoginAttemptCount: 0, ...policy });
    await (await person.types('/status')).answer();
    await (await person.presses(button)).answer();
    await home.dad.sees(new RegExp(`<@${person.id}> (asks|cannot sign in)`));
  };

const approves = async ({ home: { dad } }: KillableHousehold, { person }: Subject) =>
  dad.presses('Approve', { on: await dad.sees(new RegExp(`<@${person.id}> (asks|cannot sign in)`)) });

const isDone: Scene['isOver'] = (row) => row?.state === 'done';

const enable: Scene = {
  prepare: asks({ IsDisabled: true }, 'Ask to be switched on'),
  act: approves,
  isOver: isDone,
};

const jellyfins = 'Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider';
const takeover: Scene = {
  prepare: asks({ AuthenticationProviderId: 'A.Plugin.That.Is.Gone' }, 'Ask an admin to mend it'),
  act: approves,
  isOver: isDone,
  becomes: { AuthenticationProviderId: jellyfins },
};

const household = fileHousehold(() => KillableHousehold.start());

test(
  'killed anywhere between the approval of switching an account on and its end, the bot carries it on',
  () =>
    sweepAlone(household(), enable, async (house, subject) => {
      expect((await house.home.jellyfin.signIn(subject.account, subject.password)).status).toBe(200);
      expectDirectMessages(subject, [/switched on again/]);
      expectOneCard(house, subject, /^Done: .*is switched on/);
    }),
  limit,
);

test(
  'killed anywhere while Jellyfin takes a password over, the account ends up open to the one that its owner read',
  () =>
    sweepAlone(household(), takeover, async (house, subject) => {
      expectOneCard(house, subject, /^Done: Jellyfin checks the password of .* itself/);
      await expectOnePassword(house, subject);
    }),
  limit,
);
