import { LabelBuilder, ModalBuilder, StringSelectMenuBuilder, TextInputBuilder, TextInputStyle } from 'discord.js';
import { label } from './escape.js';

interface Named {
  readonly id: string;
  readonly label: string;
  /** A line below the label. */
  readonly hint?: string;
}

/** Text to be typed, on several lines where it may be long. */
interface TextField extends Named {
  readonly length: { readonly min?: number; readonly max: number };
  readonly isLong?: boolean;
  readonly isOptional?: boolean;
}

/** One of a few things to be chosen; the first is chosen already. */
interface ChoiceField extends Named {
  readonly choices: readonly { readonly label: string; readonly value: string }[];
}

type FormField = TextField | ChoiceField;

/** Discord's limits of titles and labels, and of hints. */
const longest = { label: 45, hint: 100 };

/** A form that opens over Discord; `customId` names the modal that handles it. */
export function form(customId: string, title: string, fields: readonly FormField[]): ModalBuilder {
  return new ModalBuilder()
    .setCustomId(customId)
    .setTitle(label(title, longest.label))
    .addLabelComponents(fields.map(labelled));
}

function labelled(field: FormField): LabelBuilder {
  const builder = new LabelBuilder().setLabel(label(field.label, longest.label));
  if (field.hint !== undefined) builder.setDescription(label(field.hint, longest.hint));
  return 'choices' in field
    ? builder.setStringSelectMenuComponent(select(field))
    : builder.setTextInputComponent(input(field));
}

function select({ id, choices }: ChoiceField): StringSelectMenuBuilder {
  const options = choices.map((each, at) => ({ ...each, label: label(each.label, 100), default: at === 0 }));
  return new StringSelectMenuBuilder().setCustomId(id).addOptions(options);
}

function input({ id, length: { min = 0, max }, isLong = false, isOptional = false }: TextField): TextInputBuilder {
  return new TextInputBuilder()
    .setCustomId(id)
    .setStyle(isLong ? TextInputStyle.Paragraph : TextInputStyle.Short)
    .setMinLength(min)
    .setMaxLength(max)
    .setRequired(!isOptional);
}
