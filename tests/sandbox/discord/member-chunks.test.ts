import { afterEach, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { startDiscord, type Discord } from '../../../sandbox/discord/index.js';

const open: { discord: Discord; socket: WebSocket }[] = [];
afterEach(async () => {
  for (const { discord, socket } of open.splice(0)) {
    socket.terminate();
    await discord.close();
  }
});

interface Chunk {
  readonly members: readonly { readonly user: { readonly username: string } }[];
  readonly nonce?: string;
  readonly not_found?: readonly string[];
}

/** A bare bot without privileged intents: asks with opcode 8, and gives back the chunk of that nonce, or nothing. */
async function bareBot() {
  const discord = await startDiscord({ guildName: 'Home' });
  for (const name of ['Maya', 'Max', 'Leo']) discord.addPerson(name);
  const socket = new WebSocket(`${discord.url.replace(/^http/, 'ws').replace(/\/api$/, '')}/?v=10&encoding=json`);
  open.push({ discord, socket });
  const chunks: Chunk[] = [];
  const ready = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const { op, t, d } = JSON.parse(data.toString()) as { op: number; t: string; d: Chunk };
      if (op === 10) socket.send(JSON.stringify({ op: 2, d: { token: discord.token, intents: 1, properties: {} } }));
      if (t === 'READY') resolve();
      if (t === 'GUILD_MEMBERS_CHUNK') chunks.push(d);
    });
  });
  await ready;
  /** Answers come in order: one that is missing is known to be so when the next is there. */
  const asks = async (d: object) => {
    socket.send(JSON.stringify({ op: 8, d: { guild_id: discord.guildId, ...d, nonce: 'asked' } }));
    socket.send(JSON.stringify({ op: 8, d: { guild_id: discord.guildId, user_ids: [], nonce: 'last' } }));
    for (;;) {
      const at = chunks.findIndex(({ nonce }) => nonce === 'last');
      if (at >= 0) {
        const [first] = chunks.splice(0, at + 1).filter(({ nonce }) => nonce === 'asked');
        return first && { ...first, names: first.members.map(({ user }) => user.username) };
      }
      await new Promise((resolve) => socket.once('message', resolve));
    }
  };
  return { discord, asks };
}

test('the beginning of a name brings whom it fits, without any privileged intent, up to the limit', async () => {
  const { asks } = await bareBot();
  expect((await asks({ query: 'ma', limit: 10 }))?.names).toEqual(['maya', 'max']);
  expect((await asks({ query: 'ma', limit: 1 }))?.names).toEqual(['maya']);
  expect((await asks({ query: 'zz', limit: 10 }))?.names).toEqual([]);
});

test('the whole list, and a name without a limit, bring nothing at all', async () => {
  const { asks } = await bareBot();
  expect(await asks({ query: '', limit: 0 })).toBeUndefined();
  expect(await asks({ query: 'ma', limit: 0 })).toBeUndefined();
});

test('ids bring those who are there, and say who is not', async () => {
  const { discord, asks } = await bareBot();
  const leo = [...discord.world.users.values()].find(({ username }) => username === 'Leo');
  const chunk = await asks({ user_ids: [leo?.id, '1'] });
  expect(chunk?.names).toEqual(['leo']);
  expect(chunk?.not_found).toEqual(['1']);
});
