import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AnySchemaObject, Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';

/** A request of the bot, as the loopback Discord tells of it. */
export interface JudgedRequest {
  readonly method: string;
  /** Without `/api/v10` and without the query. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Parsed JSON; of a multipart request its `payload_json`. */
  readonly body?: unknown;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: AnySchemaObject;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required?: boolean;
    readonly content: Readonly<Record<string, { readonly schema: AnySchemaObject }>>;
  };
}

type PathItem = { readonly parameters?: readonly Parameter[] } & Readonly<Record<string, Operation>>;

interface Description {
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: { readonly schemas: Readonly<Record<string, AnySchemaObject>> };
}

interface Route {
  readonly segments: readonly string[];
  readonly item: PathItem;
}

const described = join(process.cwd(), '..', 'shared', 'discord', 'openapi.json');

/** Whether Discord's description of itself lies beside this project. */
export const sharedIsThere = existsSync(described);

/**
 * The judge of Discord's own description, or undefined with a word on the terminal where the description is not there
 * (a clone alone); in CI its absence is an error.
 */
export function openApiJudge(env: NodeJS.ProcessEnv = process.env, file = described): OpenApiJudge | undefined {
  if (existsSync(file)) return keptJudge(file);
  const message = `Discord's description (${file}) is not there`;
  if (env['CI'] === 'true') throw new Error(`${message}; in CI it has to be`);
  process.stderr.write(`${message}: requests are not held against it.\n`);
  return undefined;
}

/** What it compiles is good for every test file of a process: each would take a quarter of a second for the same. */
const judges = new Map<string, OpenApiJudge>();

function keptJudge(file: string): OpenApiJudge {
  const judge = judges.get(file) ?? new OpenApiJudge(JSON.parse(readFileSync(file, 'utf8')) as Description);
  judges.set(file, judge);
  return judge;
}

/** Holds requests against Discord's description; each operation is compiled when it is first met. */
export class OpenApiJudge {
  readonly #routes: readonly Route[];
  readonly #schemas: Description['components']['schemas'];
  readonly #bodies = strictAjv(false);
  /** What stands in an address is text: `true` and `50` are taken for what they say. */
  readonly #texts = strictAjv(true);
  readonly #compiled = new Map<AnySchemaObject, ValidateFunction>();

  constructor(description: Description) {
    const { paths, components } = withoutUnknownFields(asDocumented(description));
    for (const ajv of [this.#bodies, this.#texts]) ajv.addSchema({ $id: 'discord', components });
    this.#schemas = components.schemas;
    this.#routes = Object.entries(paths).map(([path, item]) => ({ segments: path.split('/'), item }));
  }

  /** What is wrong with a request, a line each; empty when Discord's description allows it. */
  judge(request: JudgedRequest): string[] {
    const method = request.method.toLowerCase();
    const segments = request.path.split('/').map(decodeURIComponent);
    const routes = this.#routes.filter((route) => fits(route.segments, segments));
    const [route] = routes.filter(({ item }) => method in item).sort((a, b) => literals(b) - literals(a));
    const operation = route?.item[method];
    if (!route || !operation) return [`Discord has no ${request.method} ${request.path}`];
    const parameters = [...(route.item.parameters ?? []), ...(operation.parameters ?? [])];
    const found = [
      ...this.#path(parameters, route.segments, segments),
      ...this.#query(parameters, request.query ?? {}),
      ...this.#body(operation, request.body),
    ];
    return found.map((violation) => `${operation.operationId}: ${violation}`);
  }

  #path(parameters: readonly Parameter[], template: readonly string[], segments: readonly string[]): string[] {
    return template.flatMap((part, at) => {
      const parameter = parameters.find((each) => each.in === 'path' && part === `{${each.name}}`);
      if (!parameter) return [];
      return this.#value(parameter, segments[at] ?? '');
    });
  }

  #query(parameters: readonly Parameter[], query: Readonly<Record<string, string>>): string[] {
    const known = parameters.filter((each) => each.in === 'query');
    const unknown = Object.keys(query).filter((name) => !known.some((each) => each.name === name));
    const missing = known.filter(({ name, required }) => required && query[name] === undefined);
    return [
      ...unknown.map((name) => `query has an unknown ${name}`),
      ...missing.map(({ name }) => `query lacks ${name}`),
      ...known.flatMap((each) => (query[each.name] === undefined ? [] : this.#value(each, query[each.name] ?? ''))),
    ];
  }

  #value({ name, schema }: Parameter, text: string): string[] {
    const validate = this.#compile(this.#texts, schema, { type: 'object', properties: { value: schema } });
    return validate({ value: text })
      ? []
      : [`${name} is ${JSON.stringify(text)}: ${validate.errors?.[0]?.message ?? ''}`];
  }

  #body({ requestBody }: Operation, body: unknown): string[] {
    if (body === undefined) return requestBody?.required ? ['there is no body'] : [];
    if (!requestBody) return ['there is a body, and none is wanted'];
    const { schema } = requestBody.content['application/json'] ?? Object.values(requestBody.content)[0] ?? {};
    if (!schema) return [];
    const meant = this.#meantShape(schema, body);
    const validate = this.#compile(this.#bodies, meant, meant);
    return validate(body) ? [] : tellingErrors(validate.errors ?? []);
  }

  /** Of a choice between shapes the one whose `type` the body has: the others would only add misleading errors. */
  #meantShape(schema: AnySchemaObject, body: unknown): AnySchemaObject {
    const type = typeof body === 'object' && body !== null && 'type' in body ? body.type : undefined;
    const shapes = (schema['anyOf'] ?? []) as { $ref: string }[];
    return shapes.find(({ $ref }) => this.#types($ref).includes(type)) ?? schema;
  }

  #types(reference: string): readonly unknown[] {
    const shape = this.#schemas[reference.slice(reference.lastIndexOf('/') + 1)];
    return (shape?.['properties'] as { type?: { enum?: unknown[] } } | undefined)?.type?.enum ?? [];
  }

  #compile(ajv: Ajv2020, key: AnySchemaObject, schema: AnySchemaObject): ValidateFunction {
    const validate = this.#compiled.get(key) ?? ajv.compile(schema);
    this.#compiled.set(key, validate);
    return validate;
  }
}

function strictAjv(coerceTypes: boolean): Ajv2020 {
  // The document has keywords of its own (x-discord-union) and is no schema as a whole. To tidy the code that comes of it
  // takes longer than the few times that it runs.
  const ajv = new Ajv2020({
    strict: false,
    validateSchema: false,
    allErrors: true,
    coerceTypes,
    code: { optimize: false },
  });
  addFormatsModule.default(ajv);
  ajv.addFormat('snowflake', (text: string) => /^\d{1,20}$/.test(text) && BigInt(text) < 2n ** 64n);
  ajv.addFormat('nonce', (text: string) => text.length <= 25);
  return ajv;
}

/**
 * Discord's pages, and every library after them, have an application's description as plain text, and nothing required of
 * a change of the bot's own user; its description of itself has both stricter.
 */
function asDocumented(description: Description): Description {
  const { ApplicationFormPartial: application, BotAccountPatchRequest: user } = description.components.schemas;
  const properties = { ...(application?.['properties'] as object), description: { type: 'string', maxLength: 400 } };
  const schemas = {
    ...description.components.schemas,
    ApplicationFormPartial: { ...application, properties },
    BotAccountPatchRequest: { ...user, required: [] },
  };
  return { ...description, components: { ...description.components, schemas } };
}

/**
 * The description allows unknown fields everywhere, and so would not see a misspelt one: every object that lists its
 * fields is closed. References are made to point at the one registered schema.
 */
function withoutUnknownFields(description: Description): Description {
  const text = JSON.stringify(description).replaceAll('"#/components/', '"discord#/components/');
  return JSON.parse(text, (_, value: unknown) => {
    if (!isSchemaWithFields(value) || 'additionalProperties' in value) return value;
    return { ...value, additionalProperties: false };
  }) as Description;
}

function isSchemaWithFields(value: unknown): value is { type: unknown; properties: object } {
  if (typeof value !== 'object' || value === null || !('type' in value && 'properties' in value)) return false;
  return value.type === 'object' || (Array.isArray(value.type) && value.type.includes('object'));
}

function fits(template: readonly string[], segments: readonly string[]): boolean {
  if (template.length !== segments.length) return false;
  return template.every((part, at) => part.startsWith('{') || part === segments[at]);
}

/** `@original` is a better fit than `{message_id}`. */
function literals({ segments }: Route): number {
  return segments.filter((part) => !part.startsWith('{')).length;
}

/** Inside a choice between shapes only the one that is meant by its `type` is told of; the deepest errors come first. */
function tellingErrors(errors: readonly ErrorObject[]): string[] {
  const isOtherShape = ({ keyword, instancePath }: ErrorObject) =>
    (keyword === 'enum' || keyword === 'const') && instancePath.endsWith('/type');
  const others = errors.filter(isOtherShape).map(({ schemaPath, instancePath }) => ({
    schema: schemaPath.slice(0, schemaPath.lastIndexOf('/properties/type')),
    at: instancePath.slice(0, -'/type'.length),
  }));
  const isOfOther = ({ schemaPath, instancePath }: ErrorObject) =>
    others.some(({ schema, at }) => schemaPath.startsWith(`${schema}/`) && instancePath.startsWith(at));
  const isChoice = ({ keyword }: ErrorObject) => keyword === 'oneOf' || keyword === 'anyOf';
  const meant = errors.filter((error) => !isOfOther(error) && !isChoice(error));
  const told = (meant.length > 0 ? meant : errors).toSorted((a, b) => b.instancePath.length - a.instancePath.length);
  const lines = new Map<string, string>();
  for (const { instancePath, message, params } of told) {
    const field = typeof params['additionalProperty'] === 'string' ? `: ${params['additionalProperty']}` : '';
    const says = `${message ?? ''}${field}`;
    // The same of every item of a list is told once.
    lines.set(`${instancePath.replace(/\/\d+/g, '/*')} ${says}`, `body${instancePath} ${says}`);
  }
  return [...lines.values()].slice(0, 8);
}
