import { expect, test } from 'vitest';
import { dad, hour, maya, servicesHouse, uncle } from '../support/services.js';

const house = servicesHouse();
const act = (n: number, memberId = maya) =>
  house.stores.audit.record({ actorId: dad, act: `act ${n}`, outcome: 'done', memberId });

test('a view shows eight on a page, and stays as it was opened, for a day and its own person', () => {
  for (let n = 1; n <= 17; n += 1) act(n);
  const actor = house.actor(dad);
  const { view, entries, pages, count } = house.past.open(actor, {});
  expect([entries.length, pages, count]).toEqual([8, 3, 17]);
  act(18);
  const acts = (page: number) => house.past.page(actor, view.id, page).entries.map((each) => each.act);
  expect([acts(0)[0], acts(2), acts(9)]).toEqual(['act 17', ['act 1'], ['act 1']]);
  expect(acts(-1)).toEqual(acts(0));
  expect(() => house.past.page(house.actor(uncle), view.id, 0)).toThrow('historyViewGone');
  house.state.now += 24 * hour - 1;
  expect(house.past.all(actor, view.id)).toHaveLength(17);
  house.state.now += 2;
  expect(() => acts(0)).toThrow('historyViewGone');
});

test('somebody is forgotten only once they have left, while nothing is theirs, and where nobody links them meanwhile', async () => {
  const forgets = () => house.past.forget(house.actor(dad), maya);
  house.link(maya);
  await expect(forgets()).rejects.toMatchObject({ code: 'memberStillLinked' });
  await house.requests.askForLink(house.actor(maya), undefined);
  house.stores.links.remove(maya, house.account.id);
  await expect(forgets()).rejects.toMatchObject({ code: 'memberHere' });
  house.state.ranks.delete(maya);
  house.rightBefore('discord edit', () => house.link(maya));
  await expect(forgets()).rejects.toMatchObject({ code: 'memberStillLinked' });
  house.stores.links.remove(maya, house.account.id);
  await forgets();
  expect(house.history().at(-1)).toBe('dad forget done');
});
