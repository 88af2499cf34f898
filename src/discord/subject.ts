import type { ChatInputCommandInteraction, UserContextMenuCommandInteraction } from 'discord.js';
import type { AuditEntry } from '../services/audit.js';
import type { Command, ComponentHandler, ModalOpener, Pressed } from './command.js';
import type { OptionData } from './command-data.js';

/** For the audit of a refusal: what it was about, and whom. */
export type Subject = Pick<AuditEntry, 'detail' | 'memberId'>;

/** Whose account was named, and whom: options of other kinds may hold what must not be kept, such as a code. */
export function triedOn(
  interaction: ChatInputCommandInteraction | UserContextMenuCommandInteraction,
  { data }: Command,
): Subject {
  if (!interaction.isChatInputCommand()) return { memberId: interaction.targetId };
  const options = data.type === 'slash' ? (data.options ?? []) : [];
  const first = (kind: OptionData['kind']) => {
    const option = options.find((each) => each.kind === kind);
    return option && interaction.options.get(option.name)?.value;
  };
  const [account, member] = [first('account'), first('member')];
  return {
    ...(account !== undefined && { detail: cut(String(account).trim()) }),
    ...(member !== undefined && { memberId: String(member) }),
  };
}

/** What was pressed or chosen; a handler whose id holds what must not be kept says itself what may be. */
export function pressedOn(handler: ComponentHandler | ModalOpener, pressed: Pressed): Subject {
  const given = handler.acknowledge === 'modal' ? undefined : handler.subject?.(pressed);
  return { detail: cut(given ?? [pressed.id, ...pressed.values].join(' ')) };
}

/** Forged or typed, it may be of any length. */
export const cut = (text: string) => [...text].slice(0, 100).join('');
