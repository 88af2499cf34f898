import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { temporaryFolders } from '../support/temporary-folder.js';
import { closeHouses, lockedOut, signIn, startsAndGoesOn } from './locked-out.js';

const newFolder = temporaryFolders();
let proxy: Server | undefined;
afterEach(async () => {
  await closeHouses();
  proxy?.close();
});

/** Says what a proxy says that gets no answer itself. */
async function proxyPort(): Promise<number> {
  const made = createServer((_question, answer) => answer.writeHead(502).end());
  proxy = made;
  await new Promise<void>((listening) => made.listen(0, '127.0.0.1', listening));
  return (made.address() as AddressInfo).port;
}

test('a yes to one sign that cannot be seen is none to another that goes when the server is stopped', async () => {
  const home = newFolder();
  const script = join(home, 'stop.sh');
  const bot = await lockedOut({
    env: { JELLYFIN_LOG_DIR: home, JELLYFIN_STOP_COMMAND: `sh ${script}` },
  });
  const network = `<NetworkConfiguration><InternalHttpPort>${await proxyPort()}</InternalHttpPort></NetworkConfiguration>`;
  const { stopCommand, dir } = bot.server;
  writeFileSync(script, `${stopCommand.join(' ')}\necho '${network}' > ${join(dir, 'config', 'network.xml')}\n`);
  await startsAndGoesOn(bot);

  const first = await bot.dad.sees(/I cannot see from here .*whether somebody holds Jellyfin's newest log/, {
    in: 'dm',
  });
  expect(first.text).not.toContain('whether anything answers at its address');
  await bot.dad.presses('It is stopped: go on');
  // By now it has been stopped, and started again: nobody has agreed to this.
  await bot.dad.sees(/I cannot see from here .*whether anything answers at its address/, { in: 'dm', within: 20_000 });
  expect(await signIn(bot, 'forgotten')).toBe(403);
  await bot.dad.presses('It is stopped: go on');
  await bot.dad.sees(/Shall I keep the new API key/, { in: 'dm', within: 20_000 });
}, 40_000);
