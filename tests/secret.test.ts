import { expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { Secret } from '../src/secret.js';

test('a secret shows itself to nobody who does not ask for it by name', () => {
  const secret = new Secret('hunter2');
  const shown = [
    String(secret),
    ''.concat(secret as unknown as string),
    JSON.stringify({ secret }),
    inspect({ secret }),
    inspect(secret, { showHidden: true }),
  ];
  expect(shown.join(' ')).not.toContain('hunter2');
  expect(Object.values(secret)).toEqual([]);
  expect(secret.reveal()).toBe('hunter2');
});
