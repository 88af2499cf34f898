import { COMMAND, COMPONENT, INTERACTION } from '../constants.js';
import type { Interaction } from '../interaction.js';
import type { JsonObject } from '../json.js';
import { addMessage } from '../messages.js';
import type { Component, Message } from '../model.js';
import { NO_PINGS } from '../pings.js';
import { startInteraction, type Act } from '../start-interaction.js';
import {
  autocompleteData,
  chatCommandData,
  findCommand,
  resolveChannel,
  resolveUser,
  type HasId,
  type OptionValue,
  type Resolved,
} from './command-data.js';
import { Exchange } from './exchange.js';
import { modalData, optionValue } from './modal-data.js';
import { oldMessage } from './old-message.js';
import { Onlooker, type ChannelName } from './onlooker.js';

/** A person at a phone: does what people do in Discord, and sees what they would see, no more. */
export class Person extends Onlooker {
  private readonly submitted = new Set<string>();

  /** Types a slash command, `'/name'` or `'/name subcommand'`, in the general channel unless told where. */
  async types(
    line: string,
    options: Record<string, OptionValue> = {},
    where: { in?: ChannelName } = {},
  ): Promise<Exchange> {
    const { channel, command, path } = this.command(line, where.in);
    const data = chatCommandData(this.world, command, path, options, channel);
    return this.act({
      type: INTERACTION.Command,
      did: line,
      channel,
      data,
      commandType: COMMAND.ChatInput,
      commandName: String(command.body['name']),
    });
  }

  /** Types into an option that completes itself, and returns what is offered. `filled`: the options filled in before. */
  async typesInto(
    line: string,
    option: string,
    words: string,
    where: { in?: ChannelName; filled?: Record<string, string> } = {},
  ): Promise<{ name: string; value: string | number }[]> {
    const { channel, command, path } = this.command(line, where.in);
    const data = autocompleteData(command, path, option, words, where.filled ?? {});
    const exchange = await this.act({
      type: INTERACTION.Autocomplete,
      did: `${line} ${option}:${words}…`,
      channel,
      data,
    });
    return this.until(() => {
      const answer = exchange.interaction.answers[0];
      return answer?.kind === 'choices' ? answer.choices : undefined;
    }, `offered nothing for "${words}" in ${line}`);
  }

  /** Chooses a command in the menu of a person. */
  async usesMenu(name: string, target: HasId, where: { in?: ChannelName } = {}): Promise<Exchange> {
    const channel = this.place(where.in);
    const command = findCommand(this.world, name, COMMAND.User, channel);
    const resolved: { users: JsonObject; members: JsonObject } = { users: {}, members: {} };
    resolveUser(this.world, target.id, channel, resolved);
    const data = { id: command.id, name, type: COMMAND.User, target_id: target.id, resolved };
    return this.act({
      type: INTERACTION.Command,
      did: `menu ${name}`,
      channel,
      data,
      commandType: COMMAND.User,
      commandName: name,
    });
  }

  /** Presses the newest button with this label that can be pressed; waits for it to appear. `nth` counts from 0, newest message first. */
  async presses(label: string, options: { on?: HasId; nth?: number; within?: number } = {}): Promise<Exchange> {
    const found = await this.until(
      () =>
        this.controls(options.on).filter(
          (each) => each.component.type === COMPONENT.Button && each.component.label === label,
        )[options.nth ?? 0],
      `sees no button "${label}" that can be pressed`,
      options.within,
    );
    return this.use(found.message, found.component, `presses "${label}"`, {});
  }

  /** Sends a press of a button with any custom id, as of one on an old message; without a message, of one that is gone by now. */
  async pressesRaw(customId: string, options: { message?: HasId; in?: ChannelName } = {}): Promise<Exchange> {
    const message =
      (options.message && this.world.findMessage(options.message.id)) ??
      oldMessage(this.world, this.place(options.in), customId);
    const component: Component = { type: COMPONENT.Button, id: 2, custom_id: customId };
    return this.use(message, component, `presses ${customId}`, {});
  }

  /** Chooses in a select, found by custom id, placeholder or one of its labels: labels or values of options, or people. */
  async selects(
    which: string,
    chosen: string | HasId | readonly (string | HasId)[],
    options: { on?: HasId; within?: number } = {},
  ): Promise<Exchange> {
    const found = await this.until(
      () =>
        this.controls(options.on).find(
          (each) => each.component.type !== COMPONENT.Button && isCalled(each.component, which),
        ),
      `sees no select "${which}"`,
      options.within,
    );
    return this.choose(found, `"${which}"`, [chosen].flat());
  }

  /**
   * Uses the control with this custom id on a message: presses a button, or chooses in a select, by values of its options or
   * ids. Waits for nothing. @throws Error when it is not on the screen, or cannot be used.
   */
  async uses(on: HasId, customId: string, values: readonly string[] = []): Promise<Exchange> {
    const found = this.controls(on).find(({ component }) => component.custom_id === customId);
    if (!found) throw new Error(`${this.name} does not see that control any more`);
    const { type, label = '' } = found.component;
    if (type === COMPONENT.Button) return this.use(found.message, found.component, `presses "${label}"`, {});
    const chosen = type === COMPONENT.StringSelect ? values : values.map((id) => ({ id }));
    return this.choose(found, found.component.placeholder ?? 'a select', chosen);
  }

  /** Says something in a channel. The bot, which has no intent for messages, is not told. */
  says(words: string, where: { in?: string } = {}): void {
    const channel = this.place(where.in);
    addMessage(this.world, {
      id: this.world.snowflakes.next(),
      channelId: channel.id,
      authorId: this.id,
      type: 0,
      content: words,
      embeds: [],
      components: [],
      attachments: [],
      flags: 0,
      pings: NO_PINGS,
      createdAt: Date.now(),
      editedAt: null,
      pinned: false,
    });
    this.world.changes.announce();
  }

  /** Fills in the modal that is open, or the one that this act opened, by labels or custom ids, and sends it. */
  async fillsIn(
    fields: Record<string, string | string[]>,
    options: { within?: number; opened?: string } = {},
  ): Promise<Exchange> {
    const opened = await this.until(() => this.openModal(options.opened), 'has no modal open', options.within);
    const answer = opened.answers.find((each) => each.kind === 'modal');
    if (answer?.kind !== 'modal') throw new Error('No modal');
    const source = this.world.findMessage(opened.sourceMessageId ?? '');
    const data = modalData(answer.modal, fields);
    this.submitted.add(opened.id);
    const channel = this.place(opened.channelId);
    return this.act({
      type: INTERACTION.ModalSubmit,
      did: `sends "${answer.modal.title}"`,
      channel,
      data,
      ...(source ? { source } : {}),
    });
  }

  /** Sets Discord to another language. */
  speaks(locale: string): void {
    this.user.locale = locale;
  }

  /** Takes part in the server with exactly these roles from now on, by id. */
  setRoles(roleIds: readonly string[]): void {
    const member = this.world.guilds.get(this.home.guildId)?.members.get(this.id);
    if (!member) throw new Error(`${this.name} is not in the server`);
    member.roles = [...roleIds];
  }

  /** Takes a nickname, which is whatever one likes. */
  takesNickname(nick: string): void {
    const member = this.world.guilds.get(this.home.guildId)?.members.get(this.id);
    if (!member) throw new Error(`${this.name} is not in the server`);
    member.nick = nick;
  }

  /** Refuses direct messages from now on, with the code that Discord is to answer. */
  closesDms(code: 50007 | 50278 = 50007): void {
    this.user.directMessages = code;
  }

  opensDms(): void {
    this.user.directMessages = 'open';
  }

  /** Leaves the server. */
  leaves(): void {
    this.world.guilds.get(this.home.guildId)?.members.delete(this.id);
  }

  private choose(
    { message, component }: { message: Message; component: Component },
    which: string,
    chosen: readonly (string | HasId)[],
  ): Promise<Exchange> {
    const channel = this.place(message.channelId);
    const resolved: Resolved = { users: {}, members: {} };
    const values = chosen.map((each) => {
      if (typeof each === 'string') return optionValue(component, each);
      if (component.type === COMPONENT.ChannelSelect) resolveChannel(this.world, each.id, resolved);
      else resolveUser(this.world, each.id, channel, resolved);
      return each.id;
    });
    const { min_values: least = 1, max_values: most = 1 } = component;
    if (values.length < least || values.length > most) throw new Error(`${which} takes ${least} to ${most} choices`);
    const isResolved = Object.keys(resolved.users).length > 0 || resolved.channels !== undefined;
    const extra = isResolved ? { values, resolved: { ...resolved } } : { values };
    return this.use(message, component, `selects in ${which}`, extra);
  }

  private openModal(id?: string): Interaction | undefined {
    const own = [...this.world.interactions.values()].filter(
      (each) => each.userId === this.id && !this.submitted.has(each.id) && (id === undefined || each.id === id),
    );
    return own.findLast((each) => each.answers.some((answer) => answer.kind === 'modal'));
  }

  private command(line: string, where: ChannelName | undefined) {
    const [name, ...path] = line.replace(/^\//, '').split(' ');
    const channel = this.place(where);
    return { channel, path, command: findCommand(this.world, name ?? '', COMMAND.ChatInput, channel) };
  }

  private use(message: Message, component: Component, did: string, extra: JsonObject): Promise<Exchange> {
    const data = { component_type: component.type, custom_id: component.custom_id, id: component.id, ...extra };
    return this.act({
      type: INTERACTION.Component,
      did,
      channel: this.place(message.channelId),
      data,
      source: message,
    });
  }

  private act(act: Omit<Act, 'userId'>): Promise<Exchange> {
    const interaction = startInteraction(this.world, { ...act, userId: this.id });
    return Promise.resolve(new Exchange(this.world, interaction, () => this.screen()));
  }
}

function isCalled(component: Component, which: string): boolean {
  return (
    component.custom_id === which ||
    component.placeholder === which ||
    (component.options ?? []).some((option) => option.label === which)
  );
}
