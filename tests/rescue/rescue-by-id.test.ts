import { expect, test } from '@jest/globals';
import { Rescue } from '../../src/services/rescue/ladder/rescue.js';
import { anAccount } from '../support/an-account.js';
import { rescuePorts, yesTo } from './ladder-ports.js';

const id = 'a1'.repeat(16);
const asInTheFile = 'A1A1A1A1-A1A1-A1A1-A1A1-A1A1A1A1A1A1';
const accounts = [anAccount({ id, name: 'Alice' }), anAccount({ id: 'b2'.repeat(16), name: 'alice' })];

test.each([id, asInTheFile])('of two whose names differ in case only, %s says which one is meant', async (given) => {
  const { ports } = rescuePorts({ accounts, hasKey: true });
  const rescue = new Rescue(ports);
  await expect(rescue.look({ name: 'ALICE' })).rejects.toMatchObject({ code: 'accountAmbiguous' });
  expect(await rescue.look({ name: given })).toMatchObject({ target: { id, name: 'Alice' }, account: { id } });
});

test('without an API key the repair looks an id up in the file', async () => {
  const { ports, jobs } = rescuePorts();
  const rescue = new Rescue(ports);
  await rescue.run(await rescue.look({ name: asInTheFile }), yesTo('plan').ui);
  expect(jobs).toMatchObject([{ account: { id } }]);
});

test('a name is no id', async () => {
  const { ports } = rescuePorts();
  expect((await new Rescue(ports).look({ name: 'alice' })).target.id).toBeUndefined();
});
