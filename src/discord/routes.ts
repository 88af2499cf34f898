import type { Command, Handlers } from './command.js';
import { commandId } from './command-data.js';

/** The parts of a custom id: `command:action:id[:page]`. */
interface CustomId {
  readonly command: string;
  readonly action: string;
  readonly id: string;
  readonly page: number;
}

/** Takes a custom id apart; undefined for one that this bot did not make. */
export function parseCustomId(customId: string): CustomId | undefined {
  const match = /^([a-z-]+):([a-z-]+):([^:]*)(?::(\d{1,9}))?$/.exec(customId);
  if (!match) return undefined;
  const [, command = '', action = '', id = '', page = '0'] = match;
  return { command, action, id, page: Number(page) };
}

interface Routed<H> extends CustomId {
  readonly handler: H;
  /** For the log and the audit, such as `requests approve`. */
  readonly name: string;
}

/** Finds the handler for what Discord names: a command, or a custom id that one of the commands drew. */
export class CommandRoutes {
  readonly #byName = new Map<string, Command>();
  readonly #byId = new Map<string, Command>();

  /** Throws on a command that does not fit: two of one name, or an action that no custom id can name. */
  constructor(readonly commands: readonly Command[]) {
    for (const command of commands) {
      const id = commandId(command.data);
      if (this.#byName.has(command.data.name) || this.#byId.has(id)) throw new Error(`two commands are called ${id}`);
      const actions = [command.buttons, command.selects, command.modals].flatMap((each) => Object.keys(each ?? {}));
      const misfit = actions.find((action) => !parseCustomId(`${id}:${action}:x`));
      if (misfit !== undefined) throw new Error(`${id}: no custom id can name the action ${misfit}`);
      for (const [action, handler] of Object.entries(command.buttons ?? {})) {
        if (handler.acknowledge === 'modal' && !command.modals?.[action]) {
          throw new Error(`${id}: the button ${action} opens a modal that nobody handles`);
        }
      }
      this.#byName.set(command.data.name, command);
      this.#byId.set(id, command);
    }
  }

  /** Whether custom ids may begin so. */
  has(id: string): boolean {
    return this.#byId.has(id);
  }

  command(name: string): Command | undefined {
    return this.#byName.get(name);
  }

  find<K extends keyof Handlers>(kind: K, customId: string): Routed<Required<Handlers>[K][string]> | undefined {
    const at = parseCustomId(customId);
    const handlers = at && this.#byId.get(at.command)?.[kind];
    if (!handlers || !Object.hasOwn(handlers, at.action)) return undefined;
    return { ...at, handler: handlers[at.action] as Required<Handlers>[K][string], name: `${at.command} ${at.action}` };
  }
}
