import { EventEmitter } from 'node:events';
import { DiscordAPIError } from 'discord.js';
import { describe, expect, test } from 'vitest';
import type { AppError } from '../../src/errors.js';
import { Actors, rankOf, RestMembers } from '../../src/discord/actor.js';
import type { Member } from '../../src/services/members/actor.js';

const roles = { adminRoleIds: ['admin', 'boss'], helperRoleIds: ['helper'] };

test('a rank is the highest that one of the roles gives', () => {
  const ranks = [['boss'], ['helper', 'admin'], ['helper', 'x'], ['x'], []].map((each) => rankOf(each, roles));
  expect(ranks).toEqual(['admin', 'admin', 'helper', 'member', 'member']);
});

describe('who acts', () => {
  const joined = '2026-01-01T00:00:00.000Z';
  const user = { id: 'maya', username: 'maya_s', displayName: 'Maya S.' };
  const found: Member = { name: 'Maya', username: 'maya_s', joinedAt: undefined, rank: 'helper' };

  function house(...answers: readonly (Member | Error | undefined)[]) {
    const client = Object.assign(new EventEmitter(), { ws: new EventEmitter() });
    const asked: string[] = [];
    const find = (memberId: string) => {
      const answer = answers[asked.push(memberId) - 1];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    };
    const clock = { now: 1000 };
    const deps = { client, members: { find }, guildId: '1', roles, now: () => clock.now };
    const actors = new Actors(deps as never);
    /** An interaction as it comes: first as Discord sent it, then as discord.js made it. */
    const comes = (given: object, roleIds?: readonly string[]) => {
      const interaction = { id: `${Math.random()}`, guildId: '1', user, member: {}, ...given };
      if (roleIds) client.ws.emit('INTERACTION_CREATE', { id: interaction.id, member: { roles: roleIds } });
      client.emit('interactionCreate', interaction);
      return interaction as never;
    };
    return { actors, comes, asked, clock };
  }
  const codeOf = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      return (error as AppError).code;
    }
    return 'fine';
  };

  test('in the server is who Discord sent, with the roles of that moment, under the name that they have there', () => {
    const { actors, comes } = house();
    const first = comes({ member: { displayName: 'Mum', joinedTimestamp: 7 } }, ['helper']);
    const later = comes({ member: { nick: null, joined_at: joined } }, ['admin']);
    const who = { id: 'maya', username: 'maya_s' };
    expect(actors.fromPayload(first)).toEqual({ ...who, name: 'Mum', joinedAt: 7, rank: 'helper' });
    expect(actors.fromPayload(later)).toEqual({ ...who, name: 'Maya S.', joinedAt: Date.parse(joined), rank: 'admin' });
    const nicked = comes({ member: { nick: 'M', joined_at: null } }, []);
    expect(actors.fromPayload(nicked)).toMatchObject({ name: 'M', joinedAt: undefined, rank: 'member' });
    const unknown = comes({ member: { displayName: 'M', joinedTimestamp: null } }, []);
    expect(actors.fromPayload(unknown)).toMatchObject({ joinedAt: undefined });
  });

  test('elsewhere, or without roles that Discord sent, is nobody', () => {
    const { actors, comes } = house();
    expect(codeOf(() => actors.fromPayload(comes({ guildId: '2' }, ['admin'])))).toBe('otherServer');
    expect(codeOf(() => actors.fromPayload(comes({ member: null }, ['admin'])))).toBe('otherServer');
    expect(codeOf(() => actors.fromPayload(comes({})))).toBe('tryAgain');
    expect(actors.fromPayload(comes({ guildId: null }))).toBeUndefined();
  });

  test('in direct messages is asked of Discord each time; who cannot be asked about is refused', async () => {
    const away = new Error('away');
    const { actors, comes } = house(found, undefined, away);
    const direct = comes({ guildId: null });
    expect(await actors.resolve(direct)).toEqual({ id: 'maya', ...found });
    await expect(actors.resolve(direct)).rejects.toMatchObject({ code: 'notInServer' });
    await expect(actors.resolve(direct)).rejects.toMatchObject({ code: 'tryAgain', cause: away });
  });

  test('while they type in direct messages is asked once in half a minute, and in the server never', async () => {
    const { actors, comes, asked, clock } = house(found, { ...found, rank: 'member' });
    const inServer = comes({ member: { displayName: 'M', joinedTimestamp: 1 } }, ['admin']);
    expect(await actors.resolveForChoices(inServer)).toMatchObject({ rank: 'admin' });
    const direct = comes({ guildId: null });
    expect(await actors.resolveForChoices(direct)).toMatchObject({ rank: 'helper' });
    clock.now += 29_000;
    expect(await actors.resolveForChoices(direct)).toMatchObject({ rank: 'helper' });
    expect(await actors.resolveForChoices(inServer)).toMatchObject({ rank: 'admin' });
    expect(asked).toHaveLength(1);
    clock.now += 2000;
    expect(await actors.resolveForChoices(direct)).toMatchObject({ rank: 'member' });
  });
});

describe('a member, as Discord shows them', () => {
  const finding = async (answer: object | Error) => {
    const heard: unknown[] = [];
    const get = () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer));
    const events = { emit: (name: string, what: object) => void heard.push([name, what]) };
    const members = new RestMembers({ rest: { get } as never, guildId: '1', roles, events });
    const found = await members.find('maya');
    expect(heard).toEqual([found ? ['memberRead', { id: 'maya', ...found }] : ['memberGone', { id: 'maya' }]]);
    return found;
  };
  const refusal = (code: number) => new DiscordAPIError({ code, message: 'no' }, code, 404, 'GET', 'url', {});

  test('is called as in the server, else as everywhere, else by their user name', async () => {
    const member = (more: object, global: string | null) =>
      finding({ roles: ['helper'], user: { username: 'maya_s', global_name: global }, ...more });
    expect(await member({ nick: 'Mum', joined_at: '1970-01-01T00:00:01Z' }, 'Maya')).toEqual({
      ...{ name: 'Mum', username: 'maya_s', joinedAt: 1000, rank: 'helper' },
    });
    expect((await member({}, 'Maya'))?.name).toBe('Maya');
    expect(await member({ nick: null, joined_at: null }, null)).toMatchObject({ name: 'maya_s', joinedAt: undefined });
  });

  test('is not there where Discord knows no such member or user; any other refusal says nothing of the kind', async () => {
    expect([await finding(refusal(10_007)), await finding(refusal(10_013))]).toEqual([undefined, undefined]);
    await expect(finding(refusal(50_001))).rejects.toThrow('no');
    await expect(finding(Object.assign(new Error('cut'), { code: 10_007 }))).rejects.toThrow('cut');
  });
});
