import { CALLBACK, COMMAND, INTERACTION } from '../constants.js';
import type { Interaction } from '../interaction.js';
import { isObject, type Json, type JsonObject } from '../json.js';
import { anything, checkBody, choice, list, nullable, shape, text, type Rule } from './check.js';
import { editOf, messageBody, USE } from './messages.js';
import { modal } from './modals.js';

const { Message, DeferredMessage, DeferredUpdate, Update, Choices, Modal } = CALLBACK;

/** Which callbacks may answer an interaction. */
function callbacksFor(interaction: Interaction): number[] {
  if (interaction.type === INTERACTION.Autocomplete) return [Choices];
  if (interaction.type === INTERACTION.Command) return [Message, DeferredMessage, Modal];
  if (interaction.type === INTERACTION.Component) return [Message, DeferredMessage, DeferredUpdate, Update, Modal];
  // A modal cannot follow a modal; only one opened from a message has a message to update.
  return interaction.sourceMessageId === undefined
    ? [Message, DeferredMessage]
    : [Message, DeferredMessage, DeferredUpdate, Update];
}

const choiceValue: Rule = (value, path, problems) => {
  if (typeof value !== 'number') text({ min: 1, max: 100 })(value, path, problems);
};

const choices = shape(
  {
    choices: list(
      shape({ name: text({ min: 1, max: 100 }), name_localizations: nullable(anything), value: choiceValue }, [
        'name',
        'value',
      ]),
      {
        max: 25,
      },
    ),
  },
  ['choices'],
);

function dataRule(callback: Json | undefined, sourceFlags: number): Rule {
  switch (callback) {
    case Message:
      return messageBody(USE.answer);
    case DeferredMessage:
      return nullable(messageBody(USE.defer));
    case DeferredUpdate:
      return nullable(shape({}));
    case Update:
      return nullable(messageBody(editOf(sourceFlags)));
    case Choices:
      return choices;
    case Modal:
      return modal;
    default:
      return anything;
  }
}

/**
 * Checks the body of an interaction callback against what was asked.
 * @throws ApiError 50035
 */
export function checkCallback(interaction: Interaction, body: JsonObject, sourceFlags: number): void {
  const callback = body['type'];
  const required = callback === Message || callback === Choices || callback === Modal ? ['type', 'data'] : ['type'];
  checkBody(
    shape({ type: choice(...callbacksFor(interaction)), data: dataRule(callback, sourceFlags) }, required),
    body,
  );
}

/** Whether an interaction came from a command in the user menu or the message menu. */
export function isMenu(interaction: Interaction): boolean {
  return interaction.commandType === COMMAND.User || interaction.commandType === COMMAND.Message;
}

/** The data of a callback, an empty object when there is none. */
export function dataOf(body: JsonObject): JsonObject {
  return isObject(body['data']) ? body['data'] : {};
}
