/** Judges requests and objects by an OpenAPI 3.0 description, as far as Stripe's uses it. */

interface Schema {
  $ref?: string;
  type?: string;
  nullable?: boolean;
  enum?: unknown[];
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  maxLength?: number;
}
interface Operation {
  parameters?: { name: string; in: string; schema: Schema }[];
  requestBody?: { content: Record<string, { schema: Schema } | undefined> };
}
interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export interface DescriptionJudge {
  faultsOfRequest: (method: string, path: string, params: Record<string, unknown>) => string[];
  /** By what the object says that it is. */
  faultsOfObject: (object: unknown) => string[];
}

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 80);

export function createDescriptionJudge(given: unknown): DescriptionJudge {
  const { paths, components } = given as Description;
  const { schemas } = components;
  const judge = (schema: Schema, value: unknown, path: string): string[] => {
    if (schema.$ref !== undefined)
      return judge(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, value, path);
    if (value === null && schema.nullable === true) return [];
    if (schema.anyOf !== undefined) {
      const tried = schema.anyOf.map((each) => judge(each, value, path));
      return tried.reduce((least, faults) => (faults.length < least.length ? faults : least));
    }
    const wrong = `${path}: ${shown(value)} is not ${schema.enum?.join('|') ?? schema.type ?? '?'}`;
    if (schema.enum !== undefined && !schema.enum.includes(value)) return [wrong];
    switch (schema.type) {
      case 'string':
        return typeof value === 'string' && value.length <= (schema.maxLength ?? Infinity) ? [] : [wrong];
      case 'integer':
        return Number.isInteger(value) ? [] : [wrong];
      case 'number':
        return typeof value === 'number' ? [] : [wrong];
      case 'boolean':
        return typeof value === 'boolean' ? [] : [wrong];
      case 'array':
        if (!Array.isArray(value)) return [wrong];
        return value.flatMap((each, at) => judge(schema.items ?? {}, each, `${path}[${at}]`));
      case 'object':
        return typeof value === 'object' && value !== null
          ? judgeObject(schema, value as Record<string, unknown>, path)
          : [wrong];
      case undefined:
      default:
        return [];
    }
  };
  const judgeObject = (schema: Schema, value: Record<string, unknown>, path: string): string[] => {
    const { properties = {}, required = [], additionalProperties } = schema;
    const missing = required.filter((name) => !(name in value)).map((name) => `${path}.${name}: missing`);
    const inValue = Object.entries(value).flatMap(([name, each]) => {
      const known = properties[name];
      if (known !== undefined) return judge(known, each, `${path}.${name}`);
      if (additionalProperties === false) return [`${path}.${name}: unknown`];
      return typeof additionalProperties === 'object'
        ? judge(additionalProperties, each, `${path}.${name}`)
        : [];
    });
    return [...missing, ...inValue];
  };
  const findOperation = (method: string, path: string): Operation | undefined => {
    const template = Object.keys(paths)
      .filter((each) => new RegExp(`^${each.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`).test(path))
      .sort((a, b) => a.split('{').length - b.split('{').length)[0];
    return paths[template ?? '']?.[method.toLowerCase()];
  };
  return {
    faultsOfRequest(method, path, params) {
      const operation = findOperation(method, path);
      if (operation === undefined) return [`${method} ${path}: unknown path`];
      if (method !== 'GET') {
        const schema = operation.requestBody?.content['application/x-www-form-urlencoded']?.schema ?? {};
        return judge(schema, params, path);
      }
      const query = operation.parameters?.filter((each) => each.in === 'query') ?? [];
      const properties = Object.fromEntries(query.map(({ name, schema }) => [name, schema]));
      return judge({ type: 'object', properties, additionalProperties: false }, params, path);
    },
    faultsOfObject(object) {
      const { object: name = '' } = object as { object?: string };
      const schema = schemas[name];
      return schema === undefined ? [`${name}: unknown object`] : judge(schema, object, name);
    },
  };
}
