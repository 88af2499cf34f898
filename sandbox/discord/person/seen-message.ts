import { COMPONENT } from '../constants.js';
import type { JsonObject } from '../json.js';
import type { Attachment, Component, Message, Pings } from '../model.js';
import { flatten } from '../payloads/components.js';
import { readable } from '../screen.js';

interface SeenButton {
  label: string;
  customId: string | undefined;
  url: string | undefined;
  disabled: boolean;
}

/** A message as it stood on a person's screen at one moment. */
export class SeenMessage {
  readonly id: string;
  readonly channelId: string;
  /** What a person reads, one line each. */
  readonly lines: string[];
  /** The lines in one. */
  readonly text: string;
  readonly content: string;
  readonly embeds: JsonObject[];
  readonly components: Component[];
  readonly attachments: Attachment[];
  readonly flags: number;
  readonly pings: Pings;
  readonly edited: boolean;
  /** Whether only one person can see it. */
  readonly private: boolean;

  constructor(message: Message) {
    const copy = structuredClone({ ...message, attachments: [] });
    this.id = message.id;
    this.channelId = message.channelId;
    this.lines = readable(message);
    this.text = this.lines.join('\n');
    this.content = message.content;
    this.embeds = copy.embeds;
    this.components = copy.components;
    this.attachments = [...message.attachments];
    this.flags = message.flags;
    this.pings = copy.pings;
    this.edited = message.editedAt !== null;
    this.private = message.privateTo !== undefined;
  }

  /** All buttons, in reading order. */
  get buttons(): SeenButton[] {
    return flatten(this.components)
      .filter((component) => component.type === COMPONENT.Button)
      .map((component) => ({
        label: component.label ?? '',
        customId: component.custom_id,
        url: component.url,
        disabled: component.disabled === true,
      }));
  }

  /** The labels of the buttons that can be pressed, links included. */
  get labels(): string[] {
    return this.buttons.filter((button) => !button.disabled).map((button) => button.label);
  }
}
