import { COMPONENT, FLAG } from './constants.js';
import { asObjects, asText, isObject, type JsonObject } from './json.js';
import type { Component, Message } from './model.js';

/** A message as lines that a person reads: text, embeds, components; `[Label]` is a button, `(Label)` one that is greyed out. */
export function readable(message: Message): string[] {
  const lines = [
    ...((message.flags & FLAG.Loading) !== 0 ? ['(the bot is thinking…)'] : []),
    ...splitLines(message.content),
    ...message.embeds.flatMap(embedLines),
    ...message.components.flatMap(componentLines),
    ...message.attachments.map((attachment) => `<file ${attachment.filename}>`),
  ];
  return message.privateTo === undefined ? lines : [...lines, '(only you can see this)'];
}

function splitLines(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}

function embedLines(embed: JsonObject): string[] {
  const author = isObject(embed['author']) ? (asText(embed['author']['name']) ?? '') : '';
  const footer = isObject(embed['footer']) ? (asText(embed['footer']['text']) ?? '') : '';
  const fields = asObjects(embed['fields']).flatMap((field) => [
    `${asText(field['name']) ?? ''}: ${asText(field['value']) ?? ''}`,
  ]);
  const parts = [author, asText(embed['title']) ?? '', asText(embed['description']) ?? '', ...fields, footer];
  return parts.flatMap(splitLines).map((line) => `│ ${line}`);
}

function componentLines(component: Component): string[] {
  switch (component.type) {
    case COMPONENT.TextDisplay:
      return splitLines(component.content ?? '');
    case COMPONENT.ActionRow:
      return [(component.components ?? []).map(controlText).join(' ')];
    case COMPONENT.Section: {
      const texts = (component.components ?? []).flatMap(componentLines);
      return [...texts, ...(component.accessory ? [controlText(component.accessory)] : [])];
    }
    case COMPONENT.Container:
      return (component.components ?? []).flatMap(componentLines).map((line) => `│ ${line}`);
    case COMPONENT.Separator:
      return ['───'];
    case COMPONENT.MediaGallery:
      return (component.items ?? []).map((item) => `<picture ${asText(item['description']) ?? ''}>`);
    default:
      return [controlText(component)];
  }
}

function controlText(component: Component): string {
  if (component.type === COMPONENT.Button) {
    const words = component.label ?? asText(component.emoji?.['name']) ?? '';
    const link = component.url === undefined ? words : `${words} -> ${component.url}`;
    return component.disabled === true ? `(${link})` : `[${link}]`;
  }
  if (component.type === COMPONENT.Thumbnail) return '<picture>';
  const options = (component.options ?? []).map((option) => option.label);
  return `{${[component.placeholder ?? 'select', ...options].join(' | ')}}`;
}
