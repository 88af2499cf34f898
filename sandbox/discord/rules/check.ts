import { ApiError } from '../errors.js';
import { isObject, type Json, type JsonObject } from '../json.js';
import { isSnowflake } from '../snowflake.js';

export type Path = readonly (string | number)[];
/** Looks at one value and notes what is wrong with it. */
export type Rule = (value: Json | undefined, path: Path, problems: Problems) => void;

/** Collects what is wrong with a body, as the tree that Discord answers with. */
export class Problems {
  private readonly tree: JsonObject = {};
  private count = 0;

  add(path: Path, code: string, message: string): void {
    this.count += 1;
    let place = this.tree;
    for (const step of path) {
      const next = place[step];
      if (isObject(next)) place = next;
      else {
        const fresh: JsonObject = {};
        place[step] = fresh;
        place = fresh;
      }
    }
    const here = place['_errors'];
    if (Array.isArray(here)) here.push({ code, message });
    else place['_errors'] = [{ code, message }];
  }

  /** @throws ApiError 50035 when anything was noted. */
  throwIfAny(): void {
    if (this.count > 0) throw new ApiError([400, 50035, 'Invalid Form Body'], this.tree);
  }
}

/** Length as Discord counts it: in code points. */
export function lengthOf(text: string): number {
  return [...text].length;
}

export function text(limits: { min?: number; max: number; pattern?: RegExp }): Rule {
  return (value, path, problems) => {
    if (typeof value !== 'string')
      return problems.add(path, 'STRING_TYPE_CONVERT', 'Could not interpret the value as string.');
    const length = lengthOf(value.trim());
    const min = limits.min ?? 0;
    if (lengthOf(value) > limits.max || length < min) {
      if (min === 0) problems.add(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${limits.max} or fewer in length.`);
      else problems.add(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${limits.max} in length.`);
    } else if (limits.pattern && !limits.pattern.test(value)) {
      problems.add(path, 'STRING_TYPE_REGEX', 'String value did not match validation regex.');
    }
  };
}

export function integer(min: number, max: number): Rule {
  return (value, path, problems) => {
    if (typeof value !== 'number' || !Number.isInteger(value))
      problems.add(path, 'NUMBER_TYPE_COERCE', `Value "${String(value)}" is not int.`);
    else if (value < min) problems.add(path, 'NUMBER_TYPE_MIN', `int value should be greater than or equal to ${min}.`);
    else if (value > max) problems.add(path, 'NUMBER_TYPE_MAX', `int value should be less than or equal to ${max}.`);
  };
}

export function number(): Rule {
  return (value, path, problems) => {
    if (typeof value !== 'number') problems.add(path, 'NUMBER_TYPE_COERCE', `Value "${String(value)}" is not float.`);
  };
}

export const truth: Rule = (value, path, problems) => {
  if (typeof value !== 'boolean') problems.add(path, 'BOOLEAN_TYPE_CONVERT', 'Must be either true or false.');
};

export const snowflake: Rule = (value, path, problems) => {
  if (typeof value !== 'string' || !isSnowflake(value)) {
    problems.add(path, 'NUMBER_TYPE_COERCE', `Value "${String(value)}" is not snowflake.`);
  }
};

export const url: Rule = (value, path, problems) => {
  const scheme = typeof value === 'string' ? (URL.canParse(value) ? new URL(value).protocol : undefined) : undefined;
  if (scheme === undefined) problems.add(path, 'URL_TYPE_INVALID_URL', 'Not a well formed URL.');
  else if (!['http:', 'https:', 'attachment:', 'discord:'].includes(scheme)) {
    problems.add(
      path,
      'URL_TYPE_INVALID_SCHEME',
      `Scheme "${scheme.slice(0, -1)}" is not supported. Scheme must be one of ('http', 'https').`,
    );
  }
};

/** A picture in the text itself, of a kind that Discord takes. */
export const image: Rule = (value, path, problems) => {
  if (typeof value !== 'string' || !/^data:image\/(png|jpeg|gif);base64,[\w+/]+=*$/.test(value))
    problems.add(path, 'IMAGE_INVALID', 'Invalid image data');
};

export function choice(...allowed: readonly Json[]): Rule {
  return (value, path, problems) => {
    if (!allowed.includes(value ?? null))
      problems.add(path, 'BASE_TYPE_CHOICES', `Value must be one of {${allowed.join(', ')}}.`);
  };
}

export function list(rule: Rule, limits: { min?: number; max: number }): Rule {
  return (value, path, problems) => {
    if (!Array.isArray(value))
      return problems.add(path, 'LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType');
    const min = limits.min ?? 0;
    if (value.length > limits.max || value.length < min) {
      if (min === 0) problems.add(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${limits.max} or fewer in length.`);
      else problems.add(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${limits.max} in length.`);
    }
    for (const [index, item] of value.entries()) rule(item, [...path, index], problems);
  };
}

/** The rule for values that may also be null. */
export function nullable(rule: Rule): Rule {
  return (value, path, problems) => {
    if (value !== null) rule(value, path, problems);
  };
}

export const anything: Rule = () => undefined;

/** An object with these fields and no others: Discord's own clients never send others, so one is a mistake. */
export function shape(fields: Record<string, Rule>, required: readonly string[] = []): Rule {
  return (value, path, problems) => {
    if (!isObject(value))
      return problems.add(path, 'MODEL_TYPE_CONVERT', 'Only dictionaries may be used in a ModelType');
    for (const name of required) {
      if (value[name] === undefined) problems.add([...path, name], 'BASE_TYPE_REQUIRED', 'This field is required');
    }
    for (const [name, member] of Object.entries(value)) {
      if (member === undefined) continue;
      const rule = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (rule) rule(member, [...path, name], problems);
      else problems.add([...path, name], 'UNKNOWN_FIELD', 'Discord documents no such field here.');
    }
  };
}

/** Checks a body by one rule. @throws ApiError 50035 */
export function checkBody(rule: Rule, body: Json | undefined): void {
  const problems = new Problems();
  rule(body, [], problems);
  problems.throwIfAny();
}
