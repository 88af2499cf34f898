import { afterEach, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { closeAll } from '../support/bot.js';
import { forgottenHouse, logs, pinCame, pressesForgotPassword, typesPin, waits } from './forgotten-house.js';

afterEach(closeAll);

test('each PIN stands in its owner’s message while it is good, and is nowhere else, whatever goes wrong', async () => {
  const bot = await forgottenHouse();
  const { maya, dad, jellyfin, discord } = bot;
  const pins: string[] = [];
  const press = async (name: string) => {
    const { pin } = await pressesForgotPassword(bot, name);
    pins.push(pin);
    return pin;
  };
  const toPeople = new RegExp(`^/channels/(?!${discord.adminChannelId})\\d+/messages`);

  // Told and used; told anew by an edit; nobody's; an administrator's; asked for on the page by somebody else.
  await maya.sees(await press('maya'), { in: 'dm' });
  await typesPin(bot, pins.at(-1) ?? '');
  await maya.sees(/was used/, { in: 'dm' });
  await maya.sees(await press('maya'), { in: 'dm' });
  await press('guest');
  await dad.sees(waits);
  await dad.sees(await press('boss'), { in: 'dm' });
  await (await maya.presses('It was not me')).answer();

  // The library puts the body of a call that fails into its error.
  bot.passes(31 * 60_000);
  await bot.app.runJob('upkeep');
  const down = discord.faults.on({ method: 'POST', path: toPeople, status: 500, body: { message: 'no' }, times: 99 });
  await press('maya');
  await logs(bot, /not everybody could be told/);
  down.off();
  const refused = { code: 50035, message: 'Invalid Form Body', errors: {} };
  discord.faults.on({ method: 'POST', path: toPeople, status: 400, body: refused });
  await bot.app.runJob('upkeep');
  await dad.sees(/Its owner does not take direct messages/);
  // A file that breaks off behind the PIN.
  bot.passes(31 * 60_000);
  await press('boss');
  await dad.sees(pinCame, { in: 'dm' });
  for (const who of [maya, dad]) await (await who.types('/status')).answer();
  jellyfin.revokeKey();
  await bot.restart();
  await bot.app.runJob('upkeep');
  await bot.app.stop();

  const home = dirname(bot.database);
  const written = [
    ...readdirSync(home).map((name) => ({ name, text: readFileSync(join(home, name), 'latin1') })),
    { name: 'log', text: bot.logged.join('') },
  ];
  expect(new Set(pins).size).toBe(6);
  expect(written.length).toBeGreaterThan(1);
  const said = discord.requests.map(({ method, path, body }) => ({
    call: `${method} ${path}`,
    text: JSON.stringify(body) ?? '',
  }));
  for (const pin of pins) {
    for (const trace of [pin, pin.replaceAll('-', ''), pin.slice(0, 8)]) {
      expect(written.filter(({ text }) => text.includes(trace)).map(({ name }) => name)).toEqual([]);
      const calls = said.filter(({ text }) => text.includes(trace)).map(({ call }) => call);
      expect(calls.filter((call) => !toPeople.test(call.replace(/^\w+ /, '')))).toEqual([]);
      expect(new Set(calls.map((call) => call.split('/')[2])).size).toBeLessThanOrEqual(1);
    }
  }
  const places = [...maya.messages(), ...dad.messages()].filter(({ text }) => pins.some((pin) => text.includes(pin)));
  expect(places.map(({ text }) => pins.findIndex((pin) => text.includes(pin)))).toEqual([5]);
});
