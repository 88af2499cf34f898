import type { Command, Reply } from '../../src/discord/command.js';
import { AppError } from '../../src/errors.js';
import type { Part } from './forged.js';
import { each, inKeys, shown } from './shown.js';

const t = inKeys.in('xx');

/** What a handler is given, of a member, but for what a test says. */
export const given = (but: object = {}) => ({
  ...{
    actor: { id: '100000000000000001', rank: 'member' },
    t,
    channelId: '5',
    id: 'a',
    page: 0,
    values: [],
    onAnswer: true,
  },
  ...{ text: () => undefined, field: () => undefined, choice: () => undefined, member: () => undefined, ...but },
});
export const done = <T>(what?: T) => Promise.resolve(what as T);

/** An answer, what the message that was pressed becomes, and what becomes of the two later. */
function seen({ answer: said, update, pressed, deleteAfterMs }: Reply): string {
  return [
    ...(said ? [`answers: ${shown(said)}`] : []),
    ...(update ? [`becomes: ${shown(update)}`] : []),
    ...(pressed ? [`what was pressed: ${shown(pressed)}`] : []),
    ...(deleteAfterMs === undefined ? [] : [`for ${deleteAfterMs} ms`]),
  ].join('\n');
}
/** What is seen of a press, a choice or a command; the error's code where it is refused. */
export async function when(run: () => Promise<Reply> | Reply): Promise<string> {
  try {
    return seen(await run());
  } catch (error) {
    if (error instanceof AppError) return `refused: ${error.code}`;
    throw error;
  }
}
export const presses = (command: Command, kind: Part, name: string, but: object = {}) =>
  when(() => {
    const handler = command[kind]?.[name] as { run(context: object): Promise<Reply> };
    return handler.run(given(but));
  });
export const types = (command: Command, but: object = {}) => when(() => command.run(given(but) as never));
/** Each on its own, under what is different about it, as soon as all are there. */
export const all = async (cases: Record<string, Promise<string>>) => {
  const lines = await Promise.all(Object.entries(cases).map(async ([name, of]) => [name, await of] as const));
  return each(Object.fromEntries(lines), (line) => line);
};
