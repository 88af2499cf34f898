import { expect, test } from 'vitest';
import { KeyedMutex } from '../src/keyed-mutex.js';

/** Work that says when it begins, and ends when it is told to. */
function works() {
  const said: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  const work = (name: string) => () => {
    said.push(name);
    return new Promise<string>((resolve, reject) => {
      ends.set(name, (error) => (error ? reject(error) : resolve(name)));
    });
  };
  return { said, work, end: (name: string, error?: Error) => ends.get(name)?.(error) };
}
const turn = () => new Promise(setImmediate);

test('what is done to one account is done one after the other, also after a failure; others do not wait for it', async () => {
  const { said, work, end } = works();
  const mutex = new KeyedMutex<string>();
  const first = mutex.run('maya', work('first'));
  const second = mutex.run('maya', work('second'));
  void mutex.run('leo', work('other'));
  await turn();
  expect(said).toEqual(['first', 'other']);
  end('first', new Error('no'));
  await expect(first).rejects.toThrow('no');
  await turn();
  // One that comes while the second is at work waits for that.
  const third = mutex.run('maya', work('third'));
  await turn();
  expect(said).toEqual(['first', 'other', 'second']);
  end('second');
  expect(await second).toBe('second');
  await turn();
  let isIdle = false;
  const idle = mutex.idle().then(() => (isIdle = true));
  end('other');
  await turn();
  expect([said.at(-1), isIdle]).toEqual(['third', false]);
  end('third');
  await third;
  expect(await idle).toBe(true);
});

test('an answer is given at once, and keeps its key until it is known whether it arrived and what follows is done', async () => {
  const { said, work, end } = works();
  const mutex = new KeyedMutex<string>();
  const then = (result: string, hasArrived: boolean) => {
    said.push(`${result} ${hasArrived ? 'arrived' : 'lost'}`);
    return work('what follows')().then(() => undefined);
  };
  for (const way of ['delivered', 'lost'] as const) {
    const answer = await mutex.runForAnswer('maya', () => Promise.resolve('answer'), then);
    expect(answer.result).toBe('answer');
    const next = mutex.run('maya', work('next'));
    await turn();
    expect(said).toEqual([]);
    const known = answer[way]();
    await turn();
    expect(said).toEqual([`answer ${way === 'lost' ? 'lost' : 'arrived'}`, 'what follows']);
    end('what follows');
    await known;
    await turn();
    expect(said.splice(0).at(-1)).toBe('next');
    end('next');
    await next;
  }
  await expect(mutex.runForAnswer('maya', () => Promise.reject(new Error('no')), then)).rejects.toThrow('no');
  const failing = await mutex.runForAnswer(
    'maya',
    () => Promise.resolve(''),
    () => Promise.reject(new Error('later')),
  );
  await expect(failing.delivered()).rejects.toThrow('later');
  await mutex.idle();
});
